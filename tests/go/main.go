// Checks what fundtrail publishes with code of the Go project (golang.org/x/mod/sumdb), and makes what fundtrail is to
// check. It knows C2SP's formats, to which a record is bytes; record.go alone knows how docs/formats.md writes one.
//
//	check-archive archive DIR VKEY [WITNESS_VKEY...]       all of it: note, tiles, each record's proof, each size's
//	check-archive since DIR VKEY OLD_CHECKPOINT            both checkpoints whole, and the older a beginning
//	check-archive proof FILE VKEY [WITNESS_VKEY...]        a tlog-proof whose extra data is the record
//	check-archive make DIR VKEY INDEX OUT                  the proof of a record under keys of its own: OUT (tlog-proof),
//	                                                       OUT.vkey, OUT.policy
//	check-archive records FILE                             a record a line, in hex: for each whether it is written as a
//	                                                       record is, and signed by whom its entry names
//
// Exit 0: it holds. Exit 1: it does not, and why. Exit 2: wrong usage.
package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var errUsage = errors.New("knows archive, since, proof, make and records; see tests/go/main.go")

const proofHeader = "c2sp.org/tlog-proof@v1"

func checkpointOf(dir, vkey string, witnesses []string) (tlog.Tree, error) {
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, err
	}
	return openCheckpoint(signed, vkey, witnesses)
}

func archive(dir, vkey string, witnesses []string) error {
	tree, err := checkpointOf(dir, vkey, witnesses)
	if err != nil {
		return err
	}
	if err := folder(dir).check(tree); err != nil {
		return err
	}
	fmt.Printf("%d records, %v\n", tree.N, tree.Hash)
	return nil
}

func since(dir, vkey, file string) error {
	tree, err := checkpointOf(dir, vkey, nil)
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	older, err := openCheckpoint(signed, vkey, nil)
	if err != nil {
		return err
	}
	if err := folder(dir).check(older); err != nil {
		return err
	}
	if err := checkBeginning(older, tree, tlog.TileHashReader(tree, folder(dir))); err != nil {
		return err
	}
	fmt.Printf("%d of %d records\n", older.N, tree.N)
	return nil
}

func proof(file, vkey string, witnesses []string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, signed, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != proofHeader || !strings.HasPrefix(lines[1], "extra ") ||
		!strings.HasPrefix(lines[2], "index ") {
		return errors.New("not a tlog-proof with a record")
	}
	tree, err := openCheckpoint([]byte(signed), vkey, witnesses)
	if err != nil {
		return err
	}
	record, err := base64.StdEncoding.DecodeString(lines[1][len("extra "):])
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(lines[2][len("index "):], 10, 64)
	if err != nil {
		return err
	}
	var path tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		path = append(path, hash)
	}
	if index >= tree.N {
		return errors.New("the index is behind the checkpoint")
	}
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(record)); err != nil {
		return err
	}
	fmt.Printf("record %d of %d\n", index, tree.N)
	return nil
}

// The same tree under a checkpoint by a new key of the same name, cosigned by a new witness.
func makeProof(dir, vkey, indexText, out string) error {
	tree, err := checkpointOf(dir, vkey, nil)
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(indexText, 10, 64)
	if err != nil {
		return err
	}
	records, err := folder(dir).records(tree.N)
	if err != nil {
		return err
	}
	path, err := tlog.ProveRecord(tree.N, index, tlog.TileHashReader(tree, folder(dir)))
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(vkey, "+")
	secret, public, err := note.GenerateKey(nil, name)
	if err != nil {
		return err
	}
	log, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	cosign, err := newCosigner("go.example/witness", 1767225600)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d\n%v\n", name, tree.N, tree.Hash)
	signed, err := note.Sign(&note.Note{Text: text}, log, cosign)
	if err != nil {
		return err
	}
	lines := []string{proofHeader, "extra " + base64.StdEncoding.EncodeToString(records[index]), "index " + indexText}
	for _, hash := range path {
		lines = append(lines, hash.String())
	}
	whole := strings.Join(lines, "\n") + "\n\n" + string(signed)
	policy := fmt.Sprintf("log %s\nwitness go %s\nquorum go\n", public, cosign.vkey())
	for name, content := range map[string]string{out: whole, out + ".vkey": public + "\n", out + ".policy": policy} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func run(arguments []string) error {
	switch count := len(arguments); {
	case count >= 3 && arguments[0] == "archive":
		return archive(arguments[1], arguments[2], arguments[3:])
	case count == 4 && arguments[0] == "since":
		return since(arguments[1], arguments[2], arguments[3])
	case count >= 3 && arguments[0] == "proof":
		return proof(arguments[1], arguments[2], arguments[3:])
	case count == 5 && arguments[0] == "make":
		return makeProof(arguments[1], arguments[2], arguments[3], arguments[4])
	case count == 2 && arguments[0] == "records":
		return records(arguments[1])
	}
	return errUsage
}

func main() {
	err := run(os.Args[1:])
	if err == errUsage {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err != nil {
		fmt.Println("DOES NOT HOLD:", err)
		os.Exit(1)
	}
}
