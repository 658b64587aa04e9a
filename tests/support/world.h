// A small world for the rules alone: a state in memory to which entries are applied one after another.
//
// root ─┬─ donor (SOURCE)    key 1 is the root's; key 2 pays for every party; funds flood and school;
//       ├─ ministry ── county ── village (RECIPIENT)          assets CNY and USD
//       └─ charity
#pragma once

#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ledger/books/apply.h"
#include "ledger/books/state.h"
#include "ledger/model/entry_form.h"
#include "ledger/store/memory.h"
#include "ledger/store/overlay.h"
#include "tests/support/entries.h"
#include "tests/support/rows.h"

namespace fundtrail::testing {

class Books {
 public:
  // Applies the entry as the next record, over an overlay as the ledger does. A refused one takes no record
  // and leaves no row.
  StatusOr<v1::Outcome> Apply(const v1::Entry& entry, std::initializer_list<int> signers) {
    const Status form = model::CheckEntry(SignedBy(entry, signers));
    if (!form.ok()) return form;
    std::vector<crypto::PublicKey> keys;
    for (const int signer : signers) keys.push_back(Key(signer).public_key());
    store::Overlay changes(static_cast<const store::Reader&>(state_));
    auto outcome = books::Apply(&changes, {RecordIndex(next_), day_, books::kRules[0]}, entry, keys);
    if (outcome.ok()) {
      ++next_;
      changes.MergeInto(&state_);
    }
    return outcome;
  }
  // By `author`, signed by key 1 (the root's) if nothing else is said.
  StatusOr<v1::Outcome> Do(const std::vector<v1::Action>& actions, std::initializer_list<int> signers = {1},
                           const std::string& author = "root") {
    return Apply(Entry(author, next_, actions), signers);
  }
  // The one transfer's pieces as text, or the refusal.
  std::string Pieces(const v1::Action& action) {
    const auto outcome = Do({action});
    return outcome.ok() ? Text(outcome->transfers(0)) : Verdict(outcome.status());
  }

  // "received 100, held 40, tail 60, minted 0"
  std::string Line(const std::string& party, const std::string& fund = "flood",
                   const std::string& asset = "CNY", const std::string& project = "") {
    const auto account = Need(books::FindAccount(state_, party, fund, project, asset));
    if (!account.has_value()) return "no account";
    const auto line = Need(books::GetAccountState(state_, *account));
    return absl::StrCat("received ", line.received.value(), ", held ", line.held.value(), ", tail ",
                        line.tail.value(), ", minted ", line.minted.value());
  }

  std::uint64_t next() const { return next_; }
  // The day of the records from now on: 2024-10-04 if nothing else is said.
  void On(Date day) { day_ = day; }
  Date day() const { return day_; }
  const store::Overlay& state() const { return state_; }

 private:
  std::unique_ptr<store::Store> empty_ = store::MakeMemoryStore();
  store::Overlay state_{*empty_};
  std::uint64_t next_ = 0;
  Date day_{20'000};
};

// Records 0 (genesis) and 1 (the rest): the first payment is record 2.
class World : public Books {
 public:
  World() {
    Need(Do({Genesis({1}, 1)}).status());
    Need(Do({Party("donor", "root", v1::ROLE_SOURCE), Party("ministry", "root"), Party("county", "ministry"),
             Party("village", "county", v1::ROLE_RECIPIENT), Party("charity", "root"), Fund("flood", "root"),
             Fund("school", "root"), Asset("CNY"), Asset("USD"),
             Authorise(2, "root", {v1::PERMISSION_PAY}, true)})
             .status());
  }
};

}  // namespace fundtrail::testing
