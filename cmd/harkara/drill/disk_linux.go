package drill

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// smallDisk is a file system in memory that can be filled and made read-only.
type smallDisk struct{ folder string }

// mountDisk mounts one; it takes the right to.
func mountDisk(folder string, bytes int) (*smallDisk, error) {
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		return nil, fmt.Errorf("mount a small disk: %w", err)
	}
	return &smallDisk{folder}, nil
}

func (d *smallDisk) remove() { _ = syscall.Unmount(d.folder, syscall.MNT_DETACH) } // nothing of it is kept

func (d *smallDisk) ballast() string { return filepath.Join(d.folder, "ballast") }

// fill takes all room that is left.
func (d *smallDisk) fill() error {
	f, err := os.Create(d.ballast())
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // its content is of no worth
	page := make([]byte, 4096)
	for {
		if _, err := f.Write(page); errors.Is(err, syscall.ENOSPC) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// empty gives the room back.
func (d *smallDisk) empty() error { return os.Remove(d.ballast()) }

// protect makes the disk read-only, or writable again.
func (d *smallDisk) protect(on bool) error {
	flags := uintptr(syscall.MS_REMOUNT)
	if on {
		flags |= syscall.MS_RDONLY
	}
	if err := syscall.Mount("", d.folder, "", flags, ""); err != nil {
		return fmt.Errorf("change the small disk: %w", err)
	}
	return nil
}
