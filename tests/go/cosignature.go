// A witness's cosignature, as C2SP has it, for the notes of x/mod: reading, checking and making one.

package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// x/mod knows keys of type 01. This is type 04, a witness's timestamped Ed25519 cosignature (C2SP tlog-cosignature).
const typeCosignature = 4

type witness struct {
	name string
	key  ed25519.PublicKey
}

func cosignedMessage(seconds uint64, text []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", seconds)), text...)
}

func (w witness) Name() string { return w.name }

func (w witness) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(w.name+"\n"), w.typeAndKey()...))
	return binary.BigEndian.Uint32(sum[:])
}

func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	return seconds < 1<<63 && ed25519.Verify(w.key, cosignedMessage(seconds, text), signature[8:])
}

func (w witness) typeAndKey() []byte { return append([]byte{typeCosignature}, w.key...) }

func (w witness) vkey() string {
	return fmt.Sprintf("%s+%08x+%s", w.name, w.KeyHash(), base64.StdEncoding.EncodeToString(w.typeAndKey()))
}

func parseWitness(vkey string) (witness, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return witness{}, errors.New("a witness's vkey has three parts")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != typeCosignature {
		return witness{}, errors.New("a witness's vkey is of type 04")
	}
	w := witness{parts[0], key[1:]}
	if w.vkey() != vkey {
		return witness{}, errors.New("a witness's vkey has another id than its key")
	}
	return w, nil
}

// The secret half: a note.Signer.
type cosigner struct {
	witness
	private ed25519.PrivateKey
	seconds uint64
}

func newCosigner(name string, seconds uint64) (cosigner, error) {
	public, private, err := ed25519.GenerateKey(nil)
	return cosigner{witness{name, public}, private, seconds}, err
}

func (c cosigner) Sign(text []byte) ([]byte, error) {
	signature := make([]byte, 8)
	binary.BigEndian.PutUint64(signature, c.seconds)
	return append(signature, ed25519.Sign(c.private, cosignedMessage(c.seconds, text))...), nil
}

var _ note.Verifier = witness{}
var _ note.Signer = cosigner{}
