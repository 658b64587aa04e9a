// See log.h.
#include "ledger/query/log.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"
#include "ledger/log/seal.h"
#include "ledger/model/register_table.h"
#include "ledger/query/log_money.h"
#include "ledger/query/movements.h"
#include "ledger/query/watch.h"

namespace fundtrail::query {
namespace {

namespace keys = model::keys;

constexpr std::uint64_t kMaxLookedInPage = 20'000;  // records
constexpr int kMaxLogItems = 100;                   // of one record
constexpr std::size_t kSignerBytes = 32;

std::string KindName(const v1::Action& action) {
  const auto* const field =
      v1::Action::descriptor()->FindFieldByNumber(static_cast<int>(action.action_case()));
  return field == nullptr ? std::string("?") : field->name();
}

// From which record on, and up to which, keys could sign for one party.
class SignersOf {
 public:
  static StatusOr<SignersOf> Read(const View& view, const std::string& party) {
    SignersOf signers;
    const Bytes now = keys::AllOf(keys::kGrantTag), past = keys::AllOf(keys::kPastGrantTag);
    for (auto rows = view.rows->Scan(now, store::PrefixEnd(now));; rows->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      FT_RETURN_IF_ERROR(rows->status());
      if (!rows->Valid()) break;
      FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadGrant(rows->key()));
      if (grant.party != party) continue;
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeMessage<v1::GrantRow>(rows->key(), rows->value()));
      FT_RETURN_IF_ERROR(signers.Add(view, grant.public_key, {row.record(), UINT64_MAX}));
    }
    for (auto rows = view.rows->Scan(past, store::PrefixEnd(past));; rows->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      FT_RETURN_IF_ERROR(rows->status());
      if (!rows->Valid()) break;
      FT_ASSIGN_OR_RETURN(const auto grant, keys::ReadPastGrant(rows->key()));
      if (grant.party != party) continue;
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeMessage<v1::GrantRow>(rows->key(), rows->value()));
      FT_RETURN_IF_ERROR(signers.Add(view, grant.public_key, {row.record(), grant.until.value()}));
    }
    return signers;
  }

  // Whether the key had a grant then. The records that give it and take it back count.
  bool Has(const std::string& key, std::uint64_t record) const {
    const auto found = times_.find(key);
    return found != times_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [record](const Time& time) { return time.first <= record && record <= time.second; });
  }

 private:
  using Time = std::pair<std::uint64_t, std::uint64_t>;

  Status Add(const View& view, ByteView key, Time time) {
    times_[std::string(key)].push_back(time);
    return view.Grow(key.size() + sizeof(Time));
  }

  std::map<std::string, std::vector<Time>> times_;
};

v1::LogItem KeyItem(const std::string& kind, const std::string& key, const std::string& party, bool ends) {
  v1::LogItem item;
  item.set_kind(kind);
  item.set_id(HexEncode(key));
  item.set_party(party);
  item.set_ends(ends);
  return item;
}

// What the action opens, amends, ends, gives or takes back.
std::vector<v1::LogItem> ItemsOfAction(const v1::Action& action, const std::string& root_party) {
  std::vector<v1::LogItem> items;
  const std::string kind = KindName(action);
  if (action.has_genesis()) {
    v1::LogItem& root = items.emplace_back();
    root.set_kind(kind);
    root.set_id(action.genesis().root_party());
    root.set_register_("party");
    for (const std::string& key : action.genesis().root_keys())
      items.push_back(KeyItem(kind, key, root_party, false));
  } else if (action.has_authorise_key()) {
    const v1::AuthoriseKey& grant = action.authorise_key();
    items.push_back(KeyItem(kind, grant.public_key(), grant.party(), false));
  } else if (action.has_revoke_key()) {
    items.push_back(KeyItem(kind, action.revoke_key().public_key(), action.revoke_key().party(), true));
  } else if (action.has_rotate_ledger_key()) {
    items.push_back(KeyItem(kind, action.rotate_ledger_key().new_key(), "", false));
  } else if (action.has_change_root()) {
    for (const std::string& key : action.change_root().add_keys())
      items.push_back(KeyItem(kind, key, root_party, false));
    for (const std::string& key : action.change_root().remove_keys())
      items.push_back(KeyItem(kind, key, root_party, true));
  } else if (action.has_end_item()) {
    v1::LogItem& item = items.emplace_back();
    item.set_kind(kind);
    item.set_id(action.end_item().id());
    item.set_register_(action.end_item().register_());
    item.set_ends(true);
  } else if (const model::Register* const of = model::FindRegister(action.action_case()); of != nullptr) {
    v1::LogItem& item = items.emplace_back();
    item.set_kind(kind);
    item.set_id(model::IdOf(action));
    item.set_register_(std::string(of->name));
    item.set_amends(action.has_amends());
  }
  return items;
}

class LogWalk {
 public:
  LogWalk(const View& view, const v1::LogRequest& request, std::uint64_t to, std::string root_party,
          PageToken token)
      : view_(view),
        then_(request.has_to() ? Then(view, to) : view),
        request_(request),
        to_(to),
        root_party_(std::move(root_party)),
        token_(std::move(token)),
        left_(to - request.from() + 1) {
    *kinds_.mutable_kinds() = request.kinds();
  }

  Status Begin(const std::string& after) {
    if (!request_.signer_party().empty()) {
      FT_ASSIGN_OR_RETURN(signers_, SignersOf::Read(view_, request_.signer_party()));
    }
    if (after.empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const std::string place, token_.Place(after));
    std::uint64_t index = 0;
    if (!absl::SimpleAtoi(place, &index) || index < request_.from() || index > to_)
      return token_.Refused(after);
    left_ = request_.oldest_first() ? to_ - index : index - request_.from();
    return absl::OkStatus();
  }

  StatusOr<std::optional<std::string>> Fill(v1::LogAnswer* page, PageBudget* budget) {
    page->set_to(to_);
    for (std::uint64_t looked = 0; left_ > 0; ++looked, --left_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (looked == kMaxLookedInPage) return std::optional(token_.At(absl::StrCat(Before())));
      FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view_.rows, RecordIndex(At())));
      v1::Entry entry;
      if (!entry.ParseFromString(stored.record.signed_entry().entry()))
        return model::Damaged(keys::Record(RecordIndex(At())), "holds an entry that cannot be read");
      if (!Fits(entry)) continue;
      if (budget->full()) return std::optional(token_.At(absl::StrCat(Before())));
      FT_ASSIGN_OR_RETURN(v1::LogLine line, LineOf(stored.record, entry));
      budget->TakePart(line.ByteSizeLong());
      *page->add_records() = std::move(line);
    }
    return std::optional<std::string>();
  }

 private:
  // The record that is looked at next, of `left_`, which are more than none.
  std::uint64_t At() const {
    return request_.oldest_first() ? to_ - (left_ - 1) : request_.from() + left_ - 1;
  }
  // The one that was looked at before it. There is one wherever a page ends.
  std::uint64_t Before() const { return request_.oldest_first() ? At() - 1 : At() + 1; }

  bool Fits(const v1::Entry& entry) const {
    if (!request_.author().empty() && entry.author() != request_.author()) return false;
    const auto& signers = entry.signers();
    if (!request_.signer().empty() &&
        std::find(signers.begin(), signers.end(), request_.signer()) == signers.end())
      return false;
    if (signers_.has_value() && std::none_of(signers.begin(), signers.end(), [this](const std::string& key) {
          return signers_->Has(key, At());
        }))
      return false;
    return kinds_.kinds().empty() ||
           std::any_of(entry.actions().begin(), entry.actions().end(),
                       [&](const v1::Action& action) { return WatchWants(kinds_, action, entry.author()); });
  }

  StatusOr<v1::LogLine> LineOf(const v1::Record& record, const v1::Entry& entry) const {
    v1::LogLine line;
    line.set_index(record.index());
    line.set_recorded_micros(record.recorded_micros());
    line.set_date(entry.date());
    line.set_author(entry.author());
    FT_ASSIGN_OR_RETURN(const auto author, NeedParty(then_, entry.author()));
    line.set_author_name(author.name());
    *line.mutable_signers() = entry.signers();
    line.set_memo(entry.memo());
    std::map<std::string, std::uint64_t> kinds;
    for (const v1::Action& action : entry.actions()) {
      ++kinds[KindName(action)];
      for (v1::LogItem& item : ItemsOfAction(action, root_party_)) {
        if (line.items_size() < kMaxLogItems) {
          *line.add_items() = std::move(item);
        } else {
          line.set_more_items(line.more_items() + 1);
        }
      }
    }
    for (const auto& [kind, count] : kinds) {
      v1::LogKind* const said = line.add_kinds();
      said->set_kind(kind);
      said->set_count(count);
    }
    FT_RETURN_IF_ERROR(AddMoney(entry, &line));
    return line;
  }

  Status AddMoney(const v1::Entry& entry, v1::LogLine* line) const {
    LogMoneySums sums;
    for (const v1::Action& action : entry.actions()) {
      if (!action.has_transfer()) continue;
      if (action.transfer().amount() <= 0)
        return model::Damaged(keys::Record(RecordIndex(line->index())), "holds a transfer of no amount");
      if (!sums.Add(action.transfer()))
        return absl::OutOfRangeError(
            absl::StrCat("record ", line->index(), ": a sum is more than 63 bits can count"));
    }
    return sums.Say(then_, line->mutable_money());
  }

  const View& view_;
  const View then_;  // with names as they were after the last record
  const v1::LogRequest request_;
  const std::uint64_t to_;
  const std::string root_party_;
  const PageToken token_;
  std::uint64_t left_;  // records to look at
  v1::WatchRequest kinds_;
  std::optional<SignersOf> signers_;
};

}  // namespace

StatusOr<Pages<v1::LogAnswer>> Log(const View& view, const v1::LogRequest& request, const Paging& paging) {
  if (!request.signer().empty() && request.signer().size() != kSignerBytes)
    return absl::InvalidArgumentError(
        absl::StrCat("signer: a public key has ", kSignerBytes, " bytes, not ", request.signer().size()));
  v1::WatchRequest kinds;
  *kinds.mutable_kinds() = request.kinds();
  FT_RETURN_IF_ERROR(CheckWatch(kinds));
  std::uint64_t to = view.checkpoint.size() - 1;
  if (request.has_to()) {
    FT_RETURN_IF_ERROR(CheckAsOf(view, request.to()));
    to = request.to();
  }
  if (request.from() > to)
    return absl::InvalidArgumentError(absl::StrCat("from: record ", request.from(), " comes after record ",
                                                   to, ", the last one to look at"));
  for (const std::string& party : {request.author(), request.signer_party()})
    if (!party.empty()) FT_RETURN_IF_ERROR(FindParty(view, party).status());
  FT_ASSIGN_OR_RETURN(const auto genesis, books::NeedGenesis(*view.rows));
  std::string words;
  for (const std::string& kind : request.kinds()) absl::StrAppend(&words, kind, ",");
  PageToken token{"log",
                  absl::StrCat(request.from()),
                  request.has_to() ? absl::StrCat(to) : "",
                  request.author(),
                  request.signer(),
                  request.signer_party(),
                  words,
                  request.oldest_first() ? "oldest" : "newest"};
  const auto walk = std::make_shared<LogWalk>(view, request, to, genesis.root_party(), std::move(token));
  FT_RETURN_IF_ERROR(walk->Begin(paging.after));
  const bool all_fit = request.author().empty() && request.signer().empty() &&
                       request.signer_party().empty() && request.kinds().empty();
  const std::optional<std::uint64_t> in_all = all_fit ? std::optional(to - request.from() + 1) : std::nullopt;
  const auto fill = [walk](v1::LogAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::LogAnswer>(view, paging, WithCount<v1::LogAnswer>(in_all, fill));
}

}  // namespace fundtrail::query
