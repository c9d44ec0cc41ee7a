package plan_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
)

// Equal sees every member of an entry but the time.
func TestLedgerEqual(t *testing.T) {
	ledger := func(e plan.Entry) plan.Ledger { return plan.Ledger{Entries: []plan.Entry{e}} }
	for i := range reflect.TypeFor[plan.Entry]().NumField() {
		name := reflect.TypeFor[plan.Entry]().Field(i).Name
		var e plan.Entry
		switch f := reflect.ValueOf(&e).Elem().Field(i).Addr().Interface().(type) {
		case *string:
			*f = "x"
		case *plan.Address:
			*f = plan.Address{"x"}
		case *plan.Value:
			*f = plan.Int(1)
		case *plan.Note:
			*f = "x"
		case *bool:
			*f = true
		case *int:
			*f = 1
		case *time.Time:
			*f = noon
		default:
			t.Fatalf("%s: a new type", name)
		}
		if equal := ledger(e).Equal(ledger(plan.Entry{})); equal != (name == "Since") {
			t.Errorf("another %s: equal is %v", name, equal)
		}
	}
	if (plan.Ledger{Policy: plan.Policy{Digest: "x"}}).Equal(plan.Ledger{}) {
		t.Error("another policy is not seen")
	}
}
