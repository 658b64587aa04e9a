// See search.h.
#include "ledger/query/search.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/query/movements.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/records.h"
#include "ledger/query/request_fields.h"
#include "ledger/query/search_fit.h"
#include "ledger/query/search_index.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using SearchHit = v1::SearchHit;

constexpr std::size_t kMaxSearchText = 200;

bool IsExact(HitMatch match) {
  return match == SearchHit::MATCH_ID || match == SearchHit::MATCH_OTHER_ID || match == SearchHit::MATCH_NAME;
}

// A few bytes, since everything may fit.
struct FoundHit {
  HitMatch match = SearchHit::MATCH_UNSPECIFIED;
  std::uint32_t item = 0;          // its number in the index
  std::optional<TransferRef> ref;  // of a transfer
};

class SearchWalk {
 public:
  SearchWalk(const View& view, const v1::SearchRequest& request, AsOfRecord as_of, DatePeriod period,
             PageToken token)
      : view_(view),
        then_(Then(view, as_of)),
        as_of_(as_of),
        period_(period),
        kinds_(request.kinds().begin(), request.kinds().end()),
        party_kinds_(request.party_kinds().begin(), request.party_kinds().end()),
        token_(std::move(token)),
        reader_(then_),
        sought_(SoughtOf(request.text())) {}

  bool HasWords() const { return !sought_.words.empty(); }

  // Finds all, and keeps those that are shown: at most `most`, after the place in the token.
  Status Read(const std::string& asked, const std::string& token, std::uint64_t most) {
    FT_ASSIGN_OR_RETURN(const auto index, IndexOf());
    index_ = index.get();
    if (token.empty()) most_ = most;
    // What fits has every word in one text.
    const std::string& word = index_->Rarest(sought_.words);
    FT_RETURN_IF_ERROR(FindItems(word));
    if (Looks(kTransferKind)) FT_RETURN_IF_ERROR(FindTransfers(word, asked));
    if (!token.empty()) FT_RETURN_IF_ERROR(KeepAfter(token));
    const auto kept = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(found_.size(), most));
    std::partial_sort(found_.begin(), found_.begin() + kept, found_.end(), Before());
    found_.resize(static_cast<std::size_t>(kept));
    for (const FoundHit& hit : found_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      hits_.push_back(Shown(hit));
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(ShownHit) + hits_.back().hit.ByteSizeLong()));
    }
    found_ = std::vector<FoundHit>();
    index_ = nullptr;
    return absl::OkStatus();
  }

  // All that were found, of any kind.
  std::uint64_t InAll() const {
    std::uint64_t hits = 0;
    for (const std::uint64_t count : counts_) hits += count;
    return hits;
  }

  StatusOr<std::optional<std::string>> Fill(v1::SearchAnswer* page, PageBudget* budget) {
    if (as_of_.has_value()) page->set_as_of_record(*as_of_);
    if (!begun_) {
      for (std::size_t kind = 0; kind < counts_.size(); ++kind) {
        if (counts_[kind] == 0) continue;
        v1::SearchCount* count = page->add_counts();
        count->set_kind(KindName(kind));
        count->set_hits(counts_[kind]);
      }
      for (const auto& [kind, hits] : kinds_of_parties_) {
        v1::PartyKindCount* count = page->add_party_kinds();
        count->set_kind(static_cast<v1::RegisterParty::Kind>(kind));
        count->set_hits(hits);
      }
      for (auto of = years_.rbegin(); of != years_.rend(); ++of) {
        v1::YearCount* count = page->add_years();
        count->set_year(of->first);
        count->set_hits(of->second);
      }
      page->set_items_looked(items_);
      page->set_items_left_out(items_left_out_);
      page->set_transfers_looked(transfers_);
      page->set_transfers_left_out(transfers_left_out_);
      budget->TakeBytes(page->ByteSizeLong());
      begun_ = true;
    }
    for (; at_ < hits_.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (budget->full()) return std::optional(token_.At(place_));
      SearchHit* hit = page->add_hits();
      *hit = hits_[at_].hit;
      if (const auto& ref = hits_[at_].ref; ref.has_value()) {
        FT_ASSIGN_OR_RETURN(*hit->mutable_transfer(), reader_.Get(*ref));
        hit->set_name(hit->transfer().transfer().purpose());
      }
      place_ = absl::StrCat(hit->kind(), "/", hit->id());  // no id has a slash
      budget->TakePart(hit->ByteSizeLong());
    }
    return std::optional<std::string>();
  }

 private:
  struct ShownHit {
    SearchHit hit;
    std::optional<TransferRef> ref;
  };

  bool Looks(std::string_view kind) const { return kinds_.empty() || kinds_.count(std::string(kind)) > 0; }
  // Its place among the kinds, of which the last is the transfers'.
  std::size_t KindOf(const FoundHit& hit) const {
    return hit.ref.has_value() ? model::Registers().size() : index_->items()[hit.item].kind;
  }
  static std::string KindName(std::size_t kind) {
    return kind == model::Registers().size() ? kTransferKind : std::string(model::Registers()[kind].name);
  }

  // That of everybody, of the ledger as it is now. Else one that is read for this question.
  StatusOr<std::shared_ptr<const SearchIndex>> IndexOf() const {
    std::shared_ptr<const SearchIndex> index;
    if (view_.search != nullptr && !as_of_.has_value()) {
      FT_ASSIGN_OR_RETURN(index, view_.search->Of(view_));
    }
    if (index != nullptr) return index;
    FT_ASSIGN_OR_RETURN(auto own, SearchIndex::Read(view_, as_of_, kinds_));
    return std::make_shared<const SearchIndex>(std::move(own));
  }

  Status Add(FoundHit hit, HitMatch match) {
    if (match == SearchHit::MATCH_UNSPECIFIED) return absl::OkStatus();
    hit.match = match;
    ++counts_[KindOf(hit)];
    if (found_.size() < most_) {
      found_.push_back(hit);
      if (most_ != UINT64_MAX) std::push_heap(found_.begin(), found_.end(), Before());
    } else if (most_ > 0 && hit.match <= found_.front().match && ComesBefore(hit, found_.front())) {
      std::pop_heap(found_.begin(), found_.end(), Before());
      found_.back() = hit;
      std::push_heap(found_.begin(), found_.end(), Before());
    }
    return absl::OkStatus();
  }

  Status FindItems(const std::string& word) {
    std::vector<char> looks;
    for (std::size_t kind = 0; kind < model::Registers().size(); ++kind) {
      looks.push_back(Looks(model::Registers()[kind].name));
      if (looks.back()) items_ += index_->CountOf(kind);
    }
    items_left_out_ = index_->items_left_out();
    std::vector<char> fit(sought_.initials.empty() ? 0 : index_->items().size());
    // Most parties have the kind of the one before.
    int last_kind = -1;
    std::uint64_t* of_last_kind = nullptr;
    const auto add = [&](FoundBlock of, bool by_initials) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const SearchIndex::Item& item = index_->items()[of.number];
      if (!looks[item.kind]) return absl::OkStatus();
      const bool is_party = item.party_kind >= 0;
      if (is_party && !party_kinds_.empty() && party_kinds_.count(item.party_kind) == 0)
        return absl::OkStatus();
      FoundHit hit;
      hit.item = of.number;
      const HitMatch match =
          by_initials ? SearchHit::MATCH_INITIALS
                      : FitOfItemBlock(sought_, index_->Block(item), item.folded_id_bytes, of.place);
      if (match == SearchHit::MATCH_UNSPECIFIED) return absl::OkStatus();
      if (is_party && item.party_kind != last_kind) {
        last_kind = item.party_kind;
        of_last_kind = &kinds_of_parties_[last_kind];
      }
      if (is_party) ++*of_last_kind;
      if (!fit.empty()) fit[of.number] = true;
      return Add(hit, match);
    };
    for (const FoundBlock of : index_->ItemsWith(word)) FT_RETURN_IF_ERROR(add(of, false));
    if (sought_.initials.empty()) return absl::OkStatus();
    for (const FoundBlock of : index_->ItemsWithInitials(sought_.initials))
      if (!fit[of.number]) FT_RETURN_IF_ERROR(add(of, true));
    return absl::OkStatus();
  }

  // And the one that the text names, wherever it is.
  Status FindTransfers(const std::string& word, const std::string& asked) {
    transfers_ = index_->transfers().size();
    transfers_left_out_ = index_->transfers_left_out();
    std::optional<TransferRef> named;
    if (const auto ref = model::ParseRef(asked); ref.ok() && ref->line > 0) named = *ref;
    for (const FoundBlock of : index_->TransfersWith(word)) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const SearchIndex::Transfer& transfer = index_->transfers()[of.number];
      if (named == transfer.ref) continue;
      FT_RETURN_IF_ERROR(AddTransfer(transfer.ref, transfer.date, FitOf(of)));
    }
    FT_RETURN_IF_ERROR(FindAmounts(word, asked, named));
    const std::uint64_t size = as_of_.has_value() ? *as_of_ + 1 : view_.checkpoint.size();
    if (!named.has_value() || named->record.value() >= size) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto row, view_.rows->Get(keys::Transfer(*named)));
    if (!row.has_value()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto transfer, NeedTransfer(view_, *named));
    return AddTransfer(*named, transfer.date, SearchHit::MATCH_ID);
  }

  // Those of which the text is the amount, in whatever asset, and whose texts do not fit.
  Status FindAmounts(const std::string& word, const std::string& asked, std::optional<TransferRef> named) {
    std::vector<std::optional<std::int64_t>> units;  // by asset
    bool any = false;
    for (const std::string& code : index_->assets()) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view_, code));
      const auto amount = ParseDecimal(asked, static_cast<int>(asset.decimals()));
      units.push_back(amount.ok() && amount->value() > 0 ? std::optional(amount->value()) : std::nullopt);
      any = any || units.back().has_value();
    }
    if (!any) return absl::OkStatus();
    std::vector<bool> fit(index_->transfers().size());
    for (const FoundBlock of : index_->TransfersWith(word))
      fit[of.number] = FitOf(of) != SearchHit::MATCH_UNSPECIFIED;
    for (std::size_t number = 0; number < fit.size(); ++number) {
      const SearchIndex::Transfer& transfer = index_->transfers()[number];
      if (fit[number] || transfer.ref == named || units[transfer.asset] != transfer.amount) continue;
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_RETURN_IF_ERROR(AddTransfer(transfer.ref, transfer.date, SearchHit::MATCH_AMOUNT));
    }
    return absl::OkStatus();
  }

  HitMatch FitOf(FoundBlock transfer) const {
    return FitOfTransferBlock(sought_, index_->Block(index_->transfers()[transfer.number]), transfer.place);
  }

  // Where it is of the days that are asked about.
  Status AddTransfer(TransferRef ref, std::optional<Date> date, HitMatch match) {
    if (match == SearchHit::MATCH_UNSPECIFIED) return absl::OkStatus();
    const bool bounded = period_.since.has_value() || period_.until.has_value();
    if (bounded && (!date.has_value() || !period_.HasBegun(*date) || period_.IsOver(*date)))
      return absl::OkStatus();
    if (date.has_value()) ++years_[ToString(*date).substr(0, 4)];
    FoundHit hit;
    hit.ref = ref;
    return Add(hit, match);
  }

  // What stands before what in an answer.
  bool ComesBefore(const FoundHit& one, const FoundHit& other) const {
    if (one.match != other.match) return one.match < other.match;
    if (KindOf(one) != KindOf(other)) return KindOf(one) < KindOf(other);
    if (one.ref.has_value()) return *one.ref > *other.ref;
    const SearchIndex::Item &item = index_->items()[one.item], &others = index_->items()[other.item];
    const int order = index_->Name(item).compare(index_->Name(others));
    return order != 0 ? order < 0 : index_->Id(item) < index_->Id(others);
  }

  struct InOrder {
    const SearchWalk& walk;
    bool operator()(const FoundHit& one, const FoundHit& other) const { return walk.ComesBefore(one, other); }
  };
  InOrder Before() const { return {*this}; }

  Status KeepAfter(const std::string& token) {
    FT_ASSIGN_OR_RETURN(place_, token_.Place(token));
    const std::size_t slash = place_.find('/');
    if (slash == std::string::npos) return token_.Refused(token);
    const std::string kind = place_.substr(0, slash), id = place_.substr(slash + 1);
    std::optional<TransferRef> ref;
    if (const auto parsed = model::ParseRef(id); kind == kTransferKind && parsed.ok()) ref = *parsed;
    const auto last = std::find_if(found_.begin(), found_.end(), [&](const FoundHit& hit) {
      if (hit.ref.has_value()) return hit.ref == ref;
      return KindName(KindOf(hit)) == kind && index_->Id(index_->items()[hit.item]) == id;
    });
    if (last == found_.end()) return token_.Refused(token);
    const FoundHit at = *last;
    std::erase_if(found_, [&](const FoundHit& hit) { return !ComesBefore(at, hit); });
    return absl::OkStatus();
  }

  // Of a transfer, what else it shows is read with its page.
  ShownHit Shown(const FoundHit& found) const {
    ShownHit shown;
    shown.hit.set_match(found.match);
    shown.hit.set_exact(IsExact(found.match));
    shown.hit.set_kind(KindName(KindOf(found)));
    shown.ref = found.ref;
    if (found.ref.has_value()) {
      shown.hit.set_id(model::RefText(*found.ref));
      return shown;
    }
    const SearchIndex::Item& item = index_->items()[found.item];
    const auto texts = index_->Shown(item);
    shown.hit.set_id(std::string(texts[0]));
    shown.hit.set_name(std::string(texts[1]));
    shown.hit.set_ended(item.ended);
    const std::size_t other = FitOfItem(sought_, index_->Folded(item)).other;
    if (other > 0) shown.hit.set_other_id(std::string(texts[1 + other]));
    return shown;
  }

  const View& view_;
  const View then_;
  const AsOfRecord as_of_;
  const DatePeriod period_;
  const std::set<std::string> kinds_;  // that are looked at; empty: all
  const std::set<int> party_kinds_;    // of the parties that are looked at; empty: all
  const PageToken token_;
  LineReader reader_;
  const Sought sought_;
  // While all is found.
  const SearchIndex* index_ = nullptr;
  std::vector<FoundHit> found_;      // a heap where not all are kept: the one that stands last is the first
  std::uint64_t most_ = UINT64_MAX;  // that are kept: those that stand first
  // Then.
  std::vector<ShownHit> hits_;
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(model::Registers().size() + 1);  // by kind
  std::map<int, std::uint64_t> kinds_of_parties_;
  std::map<std::string, std::uint64_t> years_;  // of transfers
  std::uint64_t items_ = 0, transfers_ = 0;
  bool items_left_out_ = false, transfers_left_out_ = false;
  std::size_t at_ = 0;
  std::string place_ = "/";  // of the last that was shown
  bool begun_ = false;
};

}  // namespace

StatusOr<Pages<v1::SearchAnswer>> Search(const View& view, const v1::SearchRequest& request,
                                         const Paging& paging) {
  if (request.text().size() > kMaxSearchText)
    return absl::InvalidArgumentError(absl::StrCat("text: at most ", kMaxSearchText, " bytes"));
  for (const std::string& kind : request.kinds()) {
    if (kind != kTransferKind && model::FindRegister(kind) == nullptr)
      return absl::InvalidArgumentError(absl::StrCat("kinds: \"", Escaped(kind), "\" is not one of ",
                                                     model::RegisterNames(), " and ", kTransferKind));
  }
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  for (const int kind : request.party_kinds()) {
    if (!v1::RegisterParty::Kind_IsValid(kind))
      return absl::InvalidArgumentError(absl::StrCat("party_kinds: ", kind, " is not a kind of party"));
  }
  DatePeriod period;
  FT_ASSIGN_OR_RETURN(period.since, Day("since", request.since()));
  FT_ASSIGN_OR_RETURN(period.until, Day("until", request.until()));
  // Without a choice the tokens stay as they were.
  std::string kinds =
      absl::StrCat(absl::StrJoin(request.kinds(), ","), request.party_kinds().empty() ? "" : "/",
                   absl::StrJoin(request.party_kinds(), ","));
  if (!request.since().empty() || !request.until().empty())
    absl::StrAppend(&kinds, "/", request.since(), "/", request.until());
  PageToken token{"search", request.text(), kinds, as_of.has_value() ? absl::StrCat(*as_of) : ""};
  const auto walk = std::make_shared<SearchWalk>(view, request, as_of, period, std::move(token));
  if (!walk->HasWords()) return absl::InvalidArgumentError("text: there is nothing to look for");
  // One more than is shown: then the answer says that there is more.
  const std::uint64_t most = std::max(paging.limit + 1, paging.limit);
  FT_RETURN_IF_ERROR(walk->Read(request.text(), paging.after, paging.limit == 0 ? UINT64_MAX : most));
  const auto fill = [walk](v1::SearchAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::SearchAnswer>(view, paging, WithCount<v1::SearchAnswer>(walk->InAll(), fill));
}

}  // namespace fundtrail::query
