package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is the number of this release, after Semantic Versioning.
const version = "0.1.0"

type versionCommand struct{}

// Run prints version, revision and the Go it was built with.
func (versionCommand) Run(w world) error {
	fmt.Fprintf(w.out, "harkara %s%s, %s %s/%s\n", version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// revision is the commit the program was built from, where the build knew it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return " (" + s.Value[:12] + ")"
		}
	}
	return ""
}
