// A reader's own program: asks a ledger over the Connect protocol, as JSON, with Go's standard library alone. It says where a party's
// money went, and lists the party's payments.
//
//	go run client.go URL PARTY
//
// URL is where `fundtraild --http` answers. Exits with 0 when the ledger answered, with 1 when it refused or an answer does not add up,
// with 2 when it was called wrongly, and with 3 when the ledger could not be asked.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	service      = "/fundtrail.v1.Ledger/"
	attempts     = 4
	longestPage  = 64 << 20
	endOfStream  = 2
	millisToWait = "20000"
)

// Of the answers, what this program reads. In JSON an int64 is a text, and a field that is 0 or empty is left out.
type checkpoint struct {
	Ledger string
	Size   uint64 `json:",string"`
	Root   []byte
}
type amount struct{ big.Int }
type trace struct {
	Question string
	Assets   []struct {
		Asset    string
		Decimals int
		Asked    amount
		Ends     []struct {
			Kind   string
			Amount amount
		}
	}
}
type list struct {
	Transfers []struct {
		Ref struct {
			Record uint64 `json:",string"`
			Line   uint32
		}
		Date, FromName, ToName string
		Decimals               int
		Transfer               struct {
			Amount amount
			Asset  string
		}
	}
}

func (a *amount) UnmarshalJSON(text []byte) error {
	var digits string
	if err := json.Unmarshal(text, &digits); err != nil {
		return err
	}
	if _, good := a.SetString(digits, 10); !good {
		return fmt.Errorf("%q is no amount", digits)
	}
	return nil
}

// The amount in the asset's unit: "1,200.00".
func (a *amount) shown(decimals int) string {
	digits := new(big.Int).Abs(&a.Int).String()
	if missing := decimals + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, rest := digits[:len(digits)-decimals], digits[len(digits)-decimals:]
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if decimals > 0 {
		whole += "." + rest
	}
	if a.Sign() < 0 {
		return "-" + whole
	}
	return whole
}

// An error of the protocol. RetryAfter is 0 when asking again would not help.
type refused struct {
	Code, Message string
	Details       []struct{ Type, Value string }
	RetryAfter    time.Duration `json:"-"`
}

func (r *refused) Error() string {
	text := r.Code + ": " + r.Message
	for _, detail := range r.Details {
		if value, err := base64.RawStdEncoding.DecodeString(detail.Value); err == nil {
			text += fmt.Sprintf(" (%s, %d bytes)", detail.Type, len(value))
		}
	}
	return text
}

func refusedOf(response *http.Response) error {
	why := &refused{}
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil || json.Unmarshal(text, why) != nil || why.Code == "" {
		return &refused{Code: "unknown", Message: response.Status}
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		why.RetryAfter = time.Duration(seconds) * time.Second
	}
	return why
}

// Asks until there is an answer or an error that will not pass. A question changes nothing, so it may be asked again.
func again(ask func() error) error {
	for attempt := 1; ; attempt++ {
		err := ask()
		var why *refused
		if err == nil || attempt == attempts || !errors.As(err, &why) || why.RetryAfter == 0 {
			return err
		}
		time.Sleep(why.RetryAfter)
	}
}

// A question with one answer, by GET: what stands between may keep the answer.
func ask(ledger, method string, question, answer any) error {
	message, err := json.Marshal(question)
	if err != nil {
		return err
	}
	query := url.Values{"connect": {"v1"}, "encoding": {"json"}, "message": {string(message)}}
	request, err := http.NewRequest(http.MethodGet, ledger+service+method+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	request.Header.Set("Connect-Timeout-Ms", millisToWait)
	return again(func() error {
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return refusedOf(response)
		}
		return json.NewDecoder(response.Body).Decode(answer)
	})
}

// A question with pages. An envelope is a byte of flags, the length in 4 bytes, and so many bytes of JSON; the last one has flag 2 and
// says how the stream ended.
func askForPages(ledger, method string, question any, take func(page []byte) error) error {
	message, err := json.Marshal(question)
	if err != nil {
		return err
	}
	body := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))
	response, err := http.Post(ledger+service+method, "application/connect+json", bytes.NewReader(append(body, message...)))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return refusedOf(response)
	}
	for {
		var head [5]byte
		if _, err := io.ReadFull(response.Body, head[:]); err != nil {
			return fmt.Errorf("the stream broke off: %w", err)
		}
		length := binary.BigEndian.Uint32(head[1:])
		if length > longestPage {
			return fmt.Errorf("a page of %d bytes is too long", length)
		}
		page := make([]byte, length)
		if _, err := io.ReadFull(response.Body, page); err != nil {
			return fmt.Errorf("the stream broke off: %w", err)
		}
		if head[0]&endOfStream == 0 {
			if err := take(page); err != nil {
				return err
			}
			continue
		}
		var end struct{ Error *refused }
		if err := json.Unmarshal(page, &end); err != nil {
			return err
		}
		if end.Error != nil {
			return end.Error
		}
		return nil
	}
}

func tell(ledger, party string) error {
	var now struct{ AsOf checkpoint }
	if err := ask(ledger, "GetCheckpoint", struct{}{}, &now); err != nil {
		return err
	}
	fmt.Printf("%s, %d records, root %x\n", now.AsOf.Ledger, now.AsOf.Size, now.AsOf.Root)

	var traced trace
	if err := ask(ledger, "Trace", map[string]string{"direction": "DIRECTION_FROM", "party": party}, &traced); err != nil {
		return err
	}
	fmt.Println(traced.Question)
	for _, asset := range traced.Assets {
		total, kinds, sums := new(big.Int), []string{}, map[string]*amount{}
		for _, end := range asset.Ends {
			if sums[end.Kind] == nil {
				kinds, sums[end.Kind] = append(kinds, end.Kind), &amount{}
			}
			sums[end.Kind].Add(&sums[end.Kind].Int, &end.Amount.Int)
			total.Add(total, &end.Amount.Int)
		}
		if total.Cmp(&asset.Asked.Int) != 0 {
			return fmt.Errorf("the ends of %s have %s, and %s was asked about", asset.Asset, total, &asset.Asked.Int)
		}
		parts := []string{}
		for _, kind := range kinds {
			parts = append(parts, sums[kind].shown(asset.Decimals)+" "+strings.ToLower(strings.Replace(strings.TrimPrefix(kind, "END_KIND_"), "_", " ", 1)))
		}
		fmt.Printf("  %s %s = %s\n", asset.Asked.shown(asset.Decimals), asset.Asset, strings.Join(parts, " + "))
	}

	count := 0
	err := askForPages(ledger, "List", map[string]string{"party": party}, func(bytes []byte) error {
		var page list
		if err := json.Unmarshal(bytes, &page); err != nil {
			return err
		}
		for _, line := range page.Transfers {
			fmt.Printf("%s  %d.%d  %s → %s  %s %s\n", line.Date, line.Ref.Record, line.Ref.Line, line.FromName, line.ToName,
				line.Transfer.Amount.shown(line.Decimals), line.Transfer.Asset)
		}
		count += len(page.Transfers)
		return nil
	})
	if err == nil {
		fmt.Printf("%d payments\n", count)
	}
	return err
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: client URL PARTY")
		os.Exit(2)
	}
	err := tell(strings.TrimSuffix(os.Args[1], "/"), os.Args[2])
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	var network *url.Error
	var why *refused
	passes := map[string]bool{"unavailable": true, "unknown": true, "internal": true, "deadline_exceeded": true, "resource_exhausted": true}
	if errors.As(err, &network) || errors.As(err, &why) && passes[why.Code] {
		os.Exit(3)
	}
	os.Exit(1)
}
