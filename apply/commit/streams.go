package commit

import (
	"encoding/binary"
	"unicode/utf16"
)

// content is the stream that everybody means by a file of Windows.
const content = "::$DATA"

// streamNames reads the names in a chain of FILE_STREAM_INFO: the offset of the next, the
// length of the name, two sizes, the name. A chain that is broken ends.
func streamNames(buf []byte) []string {
	const head = 24
	var names []string
	for len(buf) >= head {
		next, length := binary.LittleEndian.Uint32(buf), int(binary.LittleEndian.Uint32(buf[4:]))
		if length < 0 || length > len(buf)-head {
			break
		}
		units := make([]uint16, length/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(buf[head+2*i:])
		}
		if name := string(utf16.Decode(units)); name != "" && name != content {
			names = append(names, name)
		}
		if next < head || int64(next) > int64(len(buf)) {
			break
		}
		buf = buf[next:]
	}
	return names
}
