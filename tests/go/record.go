// Whether a record is written in its one encoding, as docs/formats.md has it, and signed by whom it names.

package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a record is made of: the number of each field and its kind. `*` is a list; of numbers it is packed into one
// field. A name with a capital is another message. enum12 is a number from 0 to 12. Of an Action's fields there is
// exactly one, beside `amends`. tests/model/readers_test.cc makes the table from the messages.
const table = `
Record: 1 u64, 2 i64, 3 bytes, 4 SignedEntry, 5 Outcome
SignedEntry: 1 bytes, 2 bytes*
Outcome: 1 TransferOutcome*
TransferOutcome: 1 i64, 2 Piece*
Piece: 1 i64, 2 i64
Entry: 1 text, 2 text, 3 bytes, 4 text, 5 text, 6 Document*, 7 Action*, 8 ImportSource, 9 bytes*
Document: 1 bytes, 2 text
Action: 1 Genesis, 2 RegisterParty, 3 AuthoriseKey, 4 RevokeKey, 5 RotateLedgerKey, 6 ChangeRoot,
  7 AdoptRules, 8 FormGroup, 9 GiveSeat, 10 AcceptSeat, 11 ForgetPersonal, 12 JoinParties,
  20 DeclareAsset, 21 OpenFund, 22 DeclarePlace, 23 DeclareCategory, 24 DeclareTargetGroup,
  25 OpenProgramme, 26 ProposeProject, 27 DeclareNeed, 28 Deploy, 29 AssignDuty, 30 OpenPolicy,
  31 SetMethod, 35 AcceptDuty, 36 ApproveProject, 37 VerifyNeed, 38 ReportProgress, 39 EndItem,
  40 Transfer, 41 Commit, 60 Pledge, 61 Assign, 80 Acknowledge, 81 RaiseConcern, 82 RespondConcern,
  83 CloseConcern, 84 Announce, 85 Evaluate, 86 Appeal, 87 DecideAppeal, 88 DrawSample, 100 Amends
Genesis: 1 text, 2 text, 3 bytes*, 4 u32, 5 u32
RegisterParty: 1 text, 2 text, 3 text, 4 enum12, 5 text, 6 enum3, 7 AlternativeId*, 8 bool,
  9 FieldCommitment*
AlternativeId: 1 text, 2 text
FieldCommitment: 1 text, 2 text
AuthoriseKey: 1 bytes, 2 text, 3 enum6*, 4 bool
RevokeKey: 1 bytes, 2 text
RotateLedgerKey: 1 bytes, 2 bytes, 3 bytes
ChangeRoot: 1 u32, 2 bytes*, 3 bytes*
AdoptRules: 1 u32
FormGroup: 1 text, 2 enum4, 3 text, 4 text, 5 u32, 6 u32, 7 enum10*, 8 text, 9 text
GiveSeat: 1 text, 2 text, 3 text, 4 enum10, 5 enum2, 6 text, 7 text
AcceptSeat: 1 text, 2 u64, 3 text, 4 enum2, 5 text
ForgetPersonal: 1 text, 2 text, 3 text*
JoinParties: 1 text, 2 text, 3 text, 4 enum2, 5 text
DeclareAsset: 1 text, 2 text, 3 u32
OpenFund: 1 text, 2 text, 3 text, 4 text, 5 ApprovalRule*, 6 text*, 7 PlanNoticeRule*
ApprovalRule: 1 text, 2 i64, 3 u32, 4 text
PlanNoticeRule: 1 text, 2 i64
DeclarePlace: 1 text, 2 text, 3 text, 4 u32, 5 text, 6 text, 7 text*, 8 text
DeclareCategory: 1 text, 2 text, 3 text, 4 text, 5 text, 6 text
DeclareTargetGroup: 1 text, 2 text, 3 text, 4 text, 5 text, 6 i64, 7 text, 8 text
OpenProgramme: 1 text, 2 text, 3 text, 4 text, 5 text
ProposeProject: 1 text, 2 text, 3 text, 4 text, 5 text, 6 PlaceShare*, 7 CategoryShare*, 8 text,
  9 i64, 10 i64, 11 text, 12 text, 13 text, 14 i64, 15 Target*, 16 NeedShare*, 17 text
PlaceShare: 1 text, 2 u32
CategoryShare: 1 text, 2 u32
Target: 1 text, 2 i64, 3 text, 4 i64, 5 enum4, 6 enum4
NeedShare: 1 text, 2 u32
DeclareNeed: 1 text, 2 text, 3 text, 4 text, 5 text, 6 i64, 7 i64, 8 u32, 9 u32, 10 text, 11 i64,
  12 i64, 13 text, 14 text, 15 text, 16 bool, 17 text
Deploy: 1 text, 2 text, 3 text, 4 text, 5 text, 6 text, 7 text, 8 text, 9 text, 10 i64, 11 i64,
  12 text, 13 text, 14 enum4
AssignDuty: 1 text, 2 text, 3 text, 4 enum7, 5 text, 6 text, 7 text, 8 text, 9 text, 10 text,
  11 text
OpenPolicy: 1 text, 2 text, 3 text, 4 text, 5 enum9, 6 Objective*, 7 text*, 8 text*, 9 text*,
  10 text, 11 text, 12 Clause*, 13 text*, 14 Responsibility*, 15 text*, 16 text*, 17 text
Objective: 1 text, 2 text, 3 i64, 4 enum1, 5 text, 6 i64
Clause: 1 enum3, 2 text, 3 text, 4 text
Responsibility: 1 text, 2 enum7
SetMethod: 1 text, 2 text, 3 text, 4 Criterion*, 5 Grade*, 6 u32, 7 u32, 8 Bar*
Criterion: 1 text, 2 u32, 3 text
Grade: 1 text, 2 u32
Bar: 1 enum10, 2 text
AcceptDuty: 1 text, 2 u64, 3 text, 4 enum2, 5 text
ApproveProject: 1 text, 2 u64, 3 text, 4 enum2, 5 text
VerifyNeed: 1 text, 2 u64, 3 text, 4 enum3, 5 i64, 6 u32, 7 i64, 8 text
ReportProgress: 1 text, 2 text, 3 text, 4 i64, 5 text, 6 text, 7 text, 8 text
EndItem: 1 text, 2 text
Transfer: 1 text, 2 text, 3 text, 4 text, 5 i64, 6 text, 7 enum8, 8 text, 9 text, 10 TransferRef*,
  11 TransferRef, 12 text, 13 text, 14 i64, 15 text, 16 enum1, 17 text, 18 text, 19 text, 20 bool,
  21 text, 22 text, 23 text, 24 text
TransferRef: 1 u64, 2 u32, 3 bool
Commit: 1 text, 2 text, 3 text, 4 text, 5 text, 6 i64, 7 text, 8 text, 9 text
Pledge: 1 text, 2 text, 3 text, 4 i64, 5 i64, 6 text, 7 text*, 8 text*, 9 text*, 10 text*, 11 text,
  12 text, 13 text, 14 bool, 15 text
Assign: 1 text, 2 text, 3 text, 4 text, 5 text, 6 i64, 7 i64, 8 text
Acknowledge: 1 TransferRef, 2 text, 3 enum4, 4 i64, 5 enum3, 6 text, 7 text, 8 text
RaiseConcern: 1 text, 2 text, 3 enum10, 4 text, 5 text, 6 text, 7 text, 8 text, 9 text, 10 text,
  11 text, 12 text, 13 text
RespondConcern: 1 text, 2 text, 3 enum4, 4 text, 5 text, 6 text
CloseConcern: 1 text, 2 text, 3 bool, 4 text
Announce: 1 text, 2 text, 3 text, 4 enum6, 5 text*, 6 text*, 7 text*, 8 text, 9 NoticeChannel*,
  10 text, 11 u32, 12 text, 13 i64, 14 i64, 15 text, 16 text, 17 text, 18 Way*, 19 text
NoticeChannel: 1 enum5, 2 text
Way: 1 enum6, 2 text, 3 text, 4 i64, 5 text
Evaluate: 1 text, 2 text, 3 text, 4 text, 5 text, 6 text, 7 text, 8 enum5, 9 Score*, 10 enum4,
  11 text, 12 text, 13 text*, 14 text, 15 text, 16 i64, 17 i64, 18 text
Score: 1 text, 2 u32, 3 text
Appeal: 1 text, 2 text, 3 text
DecideAppeal: 1 text, 2 text, 3 enum2, 4 text
DrawSample: 1 text, 2 text, 3 text, 4 text, 5 u32, 6 u32
Amends: 1 u64, 2 text
ImportSource: 1 bytes, 2 text, 3 u64, 4 u64
`

var messages = func() map[string]string {
	all := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(strings.ReplaceAll(table, "\n ", "")), "\n") {
		name, fields, _ := strings.Cut(line, ": ")
		all[name] = fields
	}
	return all
}()

const amends = 100

// The largest value of each kind of number as it is written; what is below zero is written as 2^64 more.
func largest(kind string) (most uint64, isNumber bool) {
	switch kind {
	case "u64", "i64":
		return 1<<64 - 1, true
	case "u32":
		return 1<<32 - 1, true
	case "bool":
		return 1, true
	}
	most, err := strconv.ParseUint(strings.TrimPrefix(kind, "enum"), 10, 32)
	return most, err == nil && strings.HasPrefix(kind, "enum")
}

var (
	errCut       = errors.New("a message is cut off")
	errNumber    = errors.New("a number is not written as short as it can be, or is too large")
	errField     = errors.New("a message has a field that is not its own")
	errOrder     = errors.New("a message's fields are not in order")
	errDefault   = errors.New("a default is written out")
	errText      = errors.New("a text is not UTF-8")
	errAction    = errors.New("an action does not do one thing")
	errRecord    = errors.New("a record has an entry, an outcome and a hash of 32 bytes")
	errSigners   = errors.New("an entry names 1 to 32 signers, each once, by a key of 32 bytes")
	errSignature = errors.New("those who sign the entry are not those that it names")
)

// The number at the front, at most that large, and what follows it.
func takeNumber(data []byte, most uint64) (value uint64, rest []byte, err error) {
	for i, b := range data {
		if i == 10 || i == 9 && b > 1 || i > 0 && b == 0 {
			return 0, nil, errNumber
		}
		value |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			if value > most {
				return 0, nil, errNumber
			}
			return value, data[i+1:], nil
		}
	}
	return 0, nil, errCut
}

func kindOf(message string, number uint64) (kind string, isList bool) {
	for _, field := range strings.Split(messages[message], ", ") {
		n, k, _ := strings.Cut(field, " ")
		if n == strconv.FormatUint(number, 10) {
			return strings.TrimSuffix(k, "*"), strings.HasSuffix(k, "*")
		}
	}
	return "", false
}

// The contents of each field of a message in its one encoding (docs/formats.md), but of numbers. What is inside is
// looked at too.
func parseMessage(data []byte, message string) (map[uint64][][]byte, error) {
	found := map[uint64][][]byte{}
	var last uint64
	for len(data) > 0 {
		key, rest, err := takeNumber(data, 1<<32)
		if err != nil {
			return nil, err
		}
		number, wireType := key>>3, key&7
		kind, isList := kindOf(message, number)
		most, isNumber := largest(kind)
		if kind == "" || (wireType != 2) != (isNumber && !isList) || wireType != 2 && wireType != 0 {
			return nil, errField
		}
		if number < last || number == last && (!isList || isNumber) {
			return nil, errOrder
		}
		last = number
		if isNumber && !isList {
			var value uint64
			if value, data, err = takeNumber(rest, most); err != nil {
				return nil, err
			}
			if value == 0 {
				return nil, errDefault
			}
			continue
		}
		size, rest, err := takeNumber(rest, 1<<32)
		if err != nil {
			return nil, err
		}
		if size > uint64(len(rest)) {
			return nil, errCut
		}
		content := rest[:size]
		data = rest[size:]
		_, isMessage := messages[kind]
		switch {
		case isNumber:
			for left := content; len(left) > 0; {
				if _, left, err = takeNumber(left, most); err != nil {
					return nil, err
				}
			}
		case isMessage:
			if _, err := parseMessage(content, kind); err != nil {
				return nil, err
			}
		case kind == "text" && !utf8.Valid(content):
			return nil, errText
		}
		if size == 0 && !isMessage && (!isList || isNumber) {
			return nil, errDefault
		}
		found[number] = append(found[number], content)
	}
	does := len(found)
	if _, isThere := found[amends]; isThere {
		does--
	}
	if message == "Action" && does != 1 {
		return nil, errAction
	}
	return found, nil
}

// The one value of a field, or nothing.
func only(values [][]byte) []byte {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

// The record and the entry in it are written in their one encoding, and those sign the entry that it names.
func checkRecord(data []byte) error {
	record, err := parseMessage(data, "Record")
	if err != nil {
		return err
	}
	if len(record[4]) != 1 || len(record[5]) != 1 || len(only(record[3])) != 32 || len(data) > 65534 {
		return errRecord
	}
	signed, err := parseMessage(record[4][0], "SignedEntry")
	if err != nil {
		return err
	}
	entry, err := parseMessage(only(signed[1]), "Entry")
	if err != nil {
		return err
	}
	if len(entry[9]) < 1 || len(entry[9]) > 32 {
		return errSigners
	}
	if len(signed[2]) != len(entry[9]) {
		return errSignature
	}
	for i, key := range entry[9] {
		if len(key) != ed25519.PublicKeySize {
			return errSigners
		}
		for _, before := range entry[9][:i] {
			if bytes.Equal(key, before) {
				return errSigners
			}
		}
		if !ed25519.Verify(key, append([]byte("fundtrail entry v1\n"), only(signed[1])...), signed[2][i]) {
			return errSignature
		}
	}
	return nil
}

func records(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		record, err := hex.DecodeString(lines.Text())
		if err != nil {
			return err
		}
		if err := checkRecord(record); err != nil {
			fmt.Println("DOES NOT HOLD:", err)
		} else {
			fmt.Println("HOLDS")
		}
	}
	return lines.Err()
}
