package commit

import (
	"errors"
	"io"
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// copyAttributes gives a new config.toml what belongs to the old one beside its content:
// who may open it, its attributes, its further streams. A key's file has a list of its own.
func copyAttributes(from, to *os.File, key bool) {
	if key {
		return
	}
	copyList(from, to)
	copyStreams(from, to)
	copyMarks(from, to)
}

// copyList gives one file the list of another: protected, or what the folder hands down.
func copyList(from, to *os.File) {
	const what = windows.DACL_SECURITY_INFORMATION
	old, err := windows.GetSecurityInfo(windows.Handle(from.Fd()), windows.SE_FILE_OBJECT, what)
	if err != nil {
		return
	}
	list, _, err := old.DACL()
	if err != nil {
		return
	}
	kind := windows.SECURITY_INFORMATION(windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if control, _, err := old.Control(); err == nil && control&windows.SE_DACL_PROTECTED != 0 {
		kind = windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	_ = windows.SetSecurityInfo(windows.Handle(to.Fd()), windows.SE_FILE_OBJECT, what|kind, nil, nil, list, nil) // kept where possible
}

// marks are the attributes that people and programs give to a file. One that is read-only
// is refused before; the others say how it lies on the disk, which the folder decides.
const marks = windows.FILE_ATTRIBUTE_HIDDEN | windows.FILE_ATTRIBUTE_SYSTEM | windows.FILE_ATTRIBUTE_ARCHIVE |
	windows.FILE_ATTRIBUTE_NOT_CONTENT_INDEXED

// basicInformation is FILE_BASIC_INFO: a time of 0 stays as it is.
type basicInformation struct {
	times      [4]int64
	attributes uint32
	_          uint32
}

func copyMarks(from, to *os.File) {
	var d windows.ByHandleFileInformation
	if windows.GetFileInformationByHandle(windows.Handle(from.Fd()), &d) != nil {
		return
	}
	info := basicInformation{attributes: d.FileAttributes & marks}
	if info.attributes == 0 {
		info.attributes = windows.FILE_ATTRIBUTE_NORMAL
	}
	_ = windows.SetFileInformationByHandle(windows.Handle(to.Fd()), windows.FileBasicInfo, (*byte)(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
}

// maxStream bounds what is taken along of one stream: notes about a file, such as where it
// was loaded from, not files of their own.
const maxStream = 64 << 10

func copyStreams(from, to *os.File) {
	for _, name := range streams(from) {
		if data, err := readStream(from, name); err == nil {
			_ = writeStream(to, name, data) // kept where possible
		}
	}
}

// streams are the names of a file's streams but for its content, as in ":name:$DATA".
func streams(file *os.File) []string {
	buf := make([]byte, maxStream)
	if windows.GetFileInformationByHandleEx(windows.Handle(file.Fd()), windows.FileStreamInfo, &buf[0], uint32(len(buf))) != nil {
		return nil
	}
	return streamNames(buf)
}

func readStream(file *os.File, name string) ([]byte, error) {
	s, err := openStream(file, name, windows.GENERIC_READ, windows.FILE_OPEN)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	data, err := io.ReadAll(io.LimitReader(s, maxStream+1))
	if err == nil && len(data) > maxStream {
		err = errors.New("too long")
	}
	return data, err
}

func writeStream(file *os.File, name string, data []byte) error {
	s, err := openStream(file, name, windows.GENERIC_WRITE, windows.FILE_OPEN_IF)
	if err != nil {
		return err
	}
	_, err = s.Write(data)
	return first(err, s.Close())
}

// openStream opens a stream of an open file, whatever happens to the file's name.
func openStream(file *os.File, name string, rights, disposition uint32) (*os.File, error) {
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	h, err := ntCreate(file, name, rights|windows.SYNCHRONIZE, share, disposition, windows.FILE_NON_DIRECTORY_FILE, nil)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), strings.Trim(name, ":")), nil
}
