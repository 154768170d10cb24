package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

// deeds reads those that package store declares.
func deeds(t *testing.T) []store.Deed {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../store/event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []store.Deed
	for _, decl := range file.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok || general.Tok != token.CONST {
			continue
		}
		for _, spec := range general.Specs {
			value := spec.(*ast.ValueSpec)
			if kind, ok := value.Type.(*ast.Ident); !ok || kind.Name != "Deed" {
				continue
			}
			text, err := strconv.Unquote(value.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, store.Deed(text))
		}
	}
	if len(list) < 20 {
		t.Fatalf("only %d deeds were found", len(list))
	}
	return list
}

func TestEveryDeedHasItsSentence(t *testing.T) {
	w := newWorld(t)
	boss := w.reader(owner, "মালিক")
	for _, deed := range deeds(t) {
		w.pass(time.Minute) // who asks so often is told to wait
		w.write(func(tx store.Tx) error {
			return tx.Record(t.Context(), store.Event{At: w.now(), By: 77, Name: "বীণা দাস", Deed: deed, Object: "বস্তুটি", Detail: "3"})
		})
		log, _, _ := strings.Cut(boss.says("/log"), "\n\n\n")
		entry := strings.Split(log, "\n\n")[1]
		if !strings.Contains(entry, "বীণা দাস") || strings.Contains(entry, "log.") || !strings.ContainsAny(entry, "।:") {
			t.Errorf("%s is told as %q", deed, entry)
		}
		if object := strings.Contains(entry, "বস্তুটি"); !object && !strings.HasPrefix(string(deed), "role_") && !strings.HasPrefix(string(deed), "token_") {
			t.Errorf("%s does not say what it was done to: %q", deed, entry)
		}
	}
}
