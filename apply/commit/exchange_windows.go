package commit

import (
	"errors"
	"io"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// exchange is not to be had on Windows: part.placeExactly and placeWeakly stand in.
func exchange(*os.File, string, string) error { return errNoExchange }

// systemExchanges is false: that files cannot be exchanged is no news here.
const systemExchanges = false

// moveExclusive renames by a handle of the file, within the folder that is held open.
func moveExclusive(dir *os.File, from, to string) error {
	return patiently(func() error {
		const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
		file, err := openIn(dir, from, windows.DELETE|windows.SYNCHRONIZE, share)
		if err != nil {
			return err
		}
		defer windows.CloseHandle(file)
		return renameOpen(dir, file, to)
	})
}

// compareAndMove moves a file away if what is in it is as before, else errChanged. From
// before it is read until it has its new name nobody can write, rename or remove it.
func compareAndMove(dir *os.File, from, to string, before func([]byte) bool) error {
	return patiently(func() error {
		h, err := openIn(dir, from, windows.GENERIC_READ|windows.DELETE|windows.SYNCHRONIZE, windows.FILE_SHARE_READ)
		if err != nil {
			return err
		}
		file := os.NewFile(uintptr(h), from)
		defer file.Close()
		data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
		if err != nil {
			return bare(err)
		}
		if !before(data) {
			return errChanged
		}
		return renameOpen(dir, windows.Handle(file.Fd()), to)
	})
}

// isFree reports, before anything is changed, a file that somebody keeps for himself.
func isFree(dir *os.File, name string) error {
	return patiently(func() error {
		h, err := openIn(dir, name, windows.DELETE|windows.SYNCHRONIZE, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE)
		if err == nil {
			windows.CloseHandle(h)
		}
		return err
	})
}

// openIn opens a file of the folder that is there, itself and not what it links to.
func openIn(dir *os.File, name string, access, share uint32) (windows.Handle, error) {
	return ntCreate(dir, name, access, share, windows.FILE_OPEN, 0, nil)
}

func ntCreate(dir *os.File, name string, access, share, disposition, options uint32, sd *windows.SECURITY_DESCRIPTOR) (windows.Handle, error) {
	text, err := windows.NewNTUnicodeString(name)
	if err != nil {
		return 0, err
	}
	attributes := windows.OBJECT_ATTRIBUTES{RootDirectory: windows.Handle(dir.Fd()), ObjectName: text, SecurityDescriptor: sd}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	var h windows.Handle
	var status windows.IO_STATUS_BLOCK
	err = windows.NtCreateFile(&h, access, &attributes, &status, nil, windows.FILE_ATTRIBUTE_NORMAL, share, disposition,
		options|windows.FILE_OPEN_REPARSE_POINT|windows.FILE_SYNCHRONOUS_IO_NONALERT, 0, 0)
	runtime.KeepAlive(dir)
	return h, errno(err)
}

// renameInformation is FILE_RENAME_INFORMATION, with room for any name of ours.
type renameInformation struct {
	replace uint32 // 0: a name that is taken is an error
	dir     windows.Handle
	length  uint32 // of the name, in bytes
	name    [windows.MAX_PATH]uint16
}

// renameOpen gives an open file another name in the folder, one that is free.
func renameOpen(dir *os.File, file windows.Handle, to string) error {
	name, err := windows.UTF16FromString(to)
	if err != nil {
		return err
	}
	info := renameInformation{dir: windows.Handle(dir.Fd()), length: uint32(len(name)-1) * 2}
	if len(name) > len(info.name) {
		return syscall.ENAMETOOLONG
	}
	copy(info.name[:], name)
	var status windows.IO_STATUS_BLOCK
	err = windows.NtSetInformationFile(file, &status, (*byte)(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)), windows.FileRenameInformation)
	runtime.KeepAlive(dir)
	return errno(err)
}

// errno is an error of the kernel as the standard library knows it.
func errno(err error) error {
	var status windows.NTStatus
	if errors.As(err, &status) {
		return status.Errno()
	}
	return err
}
