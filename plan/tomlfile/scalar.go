package tomlfile

import (
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/codexform/codexform/plan"
)

// decodeScalar decodes a float, date or time.
func decodeScalar(raw string) (plan.Value, bool) {
	var file struct{ V any }
	if toml.Unmarshal([]byte("V = "+raw), &file) != nil {
		return plan.Value{}, false
	}
	if f, ok := file.V.(float64); ok {
		return plan.Float(f), true
	}
	text, ok := timeText(file.V)
	return plan.Time(text), ok
}

const (
	localDate = "2006-01-02"
	localTime = "15:04:05.999999999"
)

// timeText is a date or time of either decoder in the form of plan.Time: seconds
// always, a fraction without final zeros, Z for no offset.
func timeText(v any) (string, bool) {
	switch t := v.(type) {
	case time.Time:
		return burntTime(t), true
	case toml.LocalDateTime:
		return t.AsTime(time.UTC).Format(localDate + "T" + localTime), true
	case toml.LocalDate:
		return t.AsTime(time.UTC).Format(localDate), true
	case toml.LocalTime:
		return time.Date(1, 1, 1, t.Hour, t.Minute, t.Second, t.Nanosecond, time.UTC).Format(localTime), true
	}
	return "", false
}

// burntTime formats a time.Time: go-toml's always have an offset, BurntSushi's
// tell by the name of their location when they have none.
func burntTime(t time.Time) string {
	switch t.Location().String() {
	case "datetime-local":
		return t.Format(localDate + "T" + localTime)
	case "date-local":
		return t.Format(localDate)
	case "time-local":
		return t.Format(localTime)
	}
	return t.Format(time.RFC3339Nano)
}
