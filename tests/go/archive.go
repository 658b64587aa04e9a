// An archive as x/mod reads it: the note, the tiles, the proof of each record, and what an older checkpoint began.

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

// A checkpoint's note by that log, cosigned by each of the witnesses. x/mod's own tlog.ParseTree takes the Go checksum
// database's origin alone.
func openCheckpoint(signed []byte, vkey string, witnesses []string) (tlog.Tree, error) {
	log, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	known := []note.Verifier{log}
	for _, key := range witnesses {
		w, err := parseWitness(key)
		if err != nil {
			return tlog.Tree{}, err
		}
		known = append(known, w)
	}
	opened, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(opened.Sigs) != len(known) {
		return tlog.Tree{}, fmt.Errorf("%d of the %d keys signed the checkpoint", len(opened.Sigs), len(known))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != log.Name() || lines[3] != "" {
		return tlog.Tree{}, errors.New("the checkpoint is not of that log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, errors.New("the checkpoint has no size")
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// A tlog.TileReader of the archive in that folder.
type folder string

func (f folder) Height() int                     { return tileHeight }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// C2SP tlog-tiles leaves out the height that x/mod puts in a path, and calls bundles "entries".
func (f folder) path(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return filepath.Join(string(f), strings.Replace(path, "tile/data/", "tile/entries/", 1))
}

// The file of that width, or the full one in its place: a partial one may go when that is there.
func (f folder) read(tile tlog.Tile) (data []byte, whole bool, err error) {
	data, err = os.ReadFile(f.path(tile))
	if !errors.Is(err, os.ErrNotExist) || tile.W == 1<<tileHeight {
		return data, true, err
	}
	tile.W = 1 << tileHeight
	data, err = os.ReadFile(f.path(tile))
	return data, false, err
}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, whole, err := f.read(tile)
		if err != nil {
			return nil, err
		}
		if want := tile.W * tlog.HashSize; !whole && len(data) > want {
			data = data[:want]
		}
		all = append(all, data) // x/mod checks the length
	}
	return all, nil
}

// The records of a log of that size, from its bundles.
func (f folder) records(size int64) ([][]byte, error) {
	var records [][]byte
	for int64(len(records)) < size {
		bundle := tlog.Tile{H: tileHeight, L: -1, N: int64(len(records)) >> tileHeight, W: 1 << tileHeight}
		if left := size - int64(len(records)); left < int64(bundle.W) {
			bundle.W = int(left)
		}
		data, whole, err := f.read(bundle)
		if err != nil {
			return nil, err
		}
		for i := 0; i < bundle.W; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s is cut off", f.path(bundle))
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			records, data = append(records, data[2:end]), data[end:]
		}
		if whole && len(data) > 0 {
			return nil, fmt.Errorf("%s goes on behind its records", f.path(bundle))
		}
	}
	return records, nil
}

// The hashes of the records as x/mod numbers them, computed from the records alone.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, i := range indexes {
		if i >= int64(len(h)) {
			return nil, errors.New("a hash behind the end")
		}
		found = append(found, h[i])
	}
	return found, nil
}

// Each record is written as one is and is in the tree. The tree of each size before, computed from the records, is a beginning of it.
func (f folder) check(tree tlog.Tree) error {
	records, err := f.records(tree.N)
	if err != nil {
		return err
	}
	tiles := tlog.TileHashReader(tree, f)
	var own hashes
	for i, record := range records {
		if err := checkRecord(record); err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
		index, leaf := int64(i), tlog.RecordHash(record)
		proof, err := tlog.ProveRecord(tree.N, index, tiles)
		if err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
		more, err := tlog.StoredHashesForRecordHash(index, leaf, own)
		if err != nil {
			return err
		}
		own = append(own, more...)
		root, err := tlog.TreeHash(index+1, own)
		if err != nil {
			return err
		}
		if err := checkBeginning(tlog.Tree{N: index + 1, Hash: root}, tree, tiles); err != nil {
			return err
		}
	}
	return nil
}

func checkBeginning(older, newer tlog.Tree, tiles tlog.HashReader) error {
	if older.N > newer.N {
		return fmt.Errorf("size %d is no beginning of size %d", older.N, newer.N)
	}
	proof, err := tlog.ProveTree(newer.N, older.N, tiles)
	if err != nil {
		return fmt.Errorf("size %d: %w", older.N, err)
	}
	if err := tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash); err != nil {
		return fmt.Errorf("size %d: %w", older.N, err)
	}
	return nil
}
