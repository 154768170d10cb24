//go:build !linux

package drill

import "errors"

// smallDisk is a file system that can be filled and made read-only; there is none here.
type smallDisk struct{}

func mountDisk(string, int) (*smallDisk, error) { return nil, errors.ErrUnsupported }

func (*smallDisk) remove()            {}
func (*smallDisk) fill() error        { return errors.ErrUnsupported }
func (*smallDisk) empty() error       { return errors.ErrUnsupported }
func (*smallDisk) protect(bool) error { return errors.ErrUnsupported }
