//go:build cruderename

package commit

const crude = "rename"

func writeCrudely(t target, data []byte) error {
	tmp := target{t.dir, t.name + ".tmp"}
	if err := writeInto(tmp, data); err != nil {
		return err
	}
	return t.dir.root.Rename(tmp.name, t.name)
}
