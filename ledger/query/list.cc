// See list.h.
#include "ledger/query/list.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/references.h"
#include "ledger/query/item_names.h"
#include "ledger/query/joins.h"
#include "ledger/query/least_amount.h"
#include "ledger/query/list_facets.h"
#include "ledger/query/loaded_record.h"
#include "ledger/query/log_money.h"
#include "ledger/query/movements.h"
#include "ledger/query/party_records.h"
#include "ledger/query/request_fields.h"
#include "ledger/query/transfer_facts.h"

namespace fundtrail::query {
namespace {

// What a request for transfers says.
struct Filter {
  std::vector<std::string> parties;  // one of them pays or is paid; none: any
  std::string fund, project, asset;
  std::int64_t least = 0;  // of that asset
  v1::TransferKind kind = v1::TRANSFER_KIND_UNSPECIFIED;
  std::optional<Date> from, to;  // value date, both included
  std::optional<TransferRef> after;
  std::optional<std::uint64_t> as_of;  // no transfer of a later record

  // Whether nothing but the parties decides.
  bool IsOfParties() const {
    return fund.empty() && project.empty() && asset.empty() && kind == v1::TRANSFER_KIND_UNSPECIFIED &&
           !from.has_value() && !to.has_value();
  }
  // Whether every transfer is asked about, behind `after`.
  bool TakesAll() const { return IsOfParties() && parties.empty() && least == 0; }
};

StatusOr<Filter> FilterOf(const View& view, const v1::ListRequest& request) {
  Filter filter;
  if (!request.party().empty()) filter.parties.push_back(request.party());
  filter.fund = request.fund();
  filter.project = request.project();
  filter.asset = request.asset();
  FT_ASSIGN_OR_RETURN(filter.least, LeastAmount(view, request));
  filter.kind = request.kind();
  FT_ASSIGN_OR_RETURN(filter.from, Day("from", request.from()));
  FT_ASSIGN_OR_RETURN(filter.to, Day("to", request.to()));
  if (request.has_after()) filter.after = model::RefOf(request.after());
  if (request.has_as_of()) filter.as_of = request.as_of();
  return filter;
}

// The projects that it is of: those that paid and received, and what the author's own words say. What is sent back names the
// project that pays alone, so the account that receives is looked at.
StatusOr<ProjectNames> ProjectsOf(const View& view, const v1::Transfer& transfer, TransferRef ref) {
  ProjectNames projects;
  projects.Add(transfer.project());
  projects.Add(transfer.to_project());
  projects.Add(transfer.project_words());
  if (transfer.has_returns()) {
    FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view, ref));
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view, row.to));
    projects.Add(name.project());
  }
  return projects;
}

StatusOr<bool> Matches(const View& view, const v1::Transfer& transfer, TransferRef ref, Date date,
                       const Filter& filter) {
  const auto asked = [&filter](const std::string& party) {
    return std::find(filter.parties.begin(), filter.parties.end(), party) != filter.parties.end();
  };
  if (!filter.parties.empty() && !asked(transfer.from()) && !asked(transfer.to())) return false;
  if (!filter.fund.empty() && transfer.fund() != filter.fund && transfer.to_fund() != filter.fund)
    return false;
  if (!filter.project.empty()) {
    FT_ASSIGN_OR_RETURN(const auto projects, ProjectsOf(view, transfer, ref));
    if (!projects.Has(filter.project)) return false;
  }
  if (filter.kind != v1::TRANSFER_KIND_UNSPECIFIED && transfer.kind() != filter.kind) return false;
  if (!filter.asset.empty() && transfer.asset() != filter.asset) return false;
  if (transfer.amount() < filter.least) return false;
  return (!filter.from.has_value() || date >= *filter.from) && (!filter.to.has_value() || date <= *filter.to);
}

// Takes one transfer, by its record and its line there, and answers whether to go on to the next.
using TakeLine = std::function<StatusOr<bool>(LoadedRecord*, std::uint32_t)>;

// The lines of one record that match. False when `take` answered so.
StatusOr<bool> TakeRecord(const View& view, LoadedRecord* loaded, const Filter& filter,
                          const TakeLine& take) {
  const RecordIndex index(loaded->record->index());
  for (std::uint32_t line = 1; line <= loaded->lines.size(); ++line) {
    if (filter.after.has_value() && TransferRef{index, line} <= *filter.after) continue;
    FT_ASSIGN_OR_RETURN(const bool matches, Matches(view, TransferOf(*loaded, line), {index, line},
                                                    loaded->lines[line - 1].date, filter));
    if (!matches) continue;
    FT_ASSIGN_OR_RETURN(const bool more, take(loaded, line));
    if (!more) return false;
  }
  return true;
}

// How records are read that are asked for: one after another, or those of parties, which lie far apart.
class RecordsAsked {
 public:
  RecordsAsked(const View& view, const Filter& filter, bool passes)
      : view_(view), far_apart_(!filter.parties.empty()), upwards_(view, passes) {}
  // Where the records of a page that takes all their lines are read from now on, while they are few; null: each is gone with the next.
  void ReadInto(google::protobuf::Arena* arena) {
    of_page_ = arena;
    bytes_of_page_ = 0;
  }
  // It lasts until the next call.
  StatusOr<LoadedRecord*> Get(RecordIndex index) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const bool with_page = of_page_ != nullptr && bytes_of_page_ < kMostWithPage;
    if (!with_page) own_.Reset();
    google::protobuf::Arena* const arena = with_page ? of_page_ : &own_;
    FT_RETURN_IF_ERROR(far_apart_ ? LoadRecord(view_, index, arena, &loaded_)
                                  : upwards_.Get(index, arena, &loaded_));
    if (with_page) bytes_of_page_ += loaded_.bytes;
    without_transfers_ = loaded_.lines.empty() ? without_transfers_ + 1 : 0;
    return &loaded_;
  }
  // Whether the last two had no transfers: then more such may follow.
  bool IsWithoutTransfers() const { return without_transfers_ > 1; }

 private:
  // Most pages have no more. What is decoded takes several times as much, until the page is sent.
  static constexpr std::size_t kMostWithPage = std::size_t{256} << 10;
  // Most records fit into the first block, which is used again.
  static constexpr std::size_t kFirstBlock = std::size_t{32} << 10;
  google::protobuf::ArenaOptions Own() {
    google::protobuf::ArenaOptions options;
    options.initial_block = block_.data();
    options.initial_block_size = block_.size();
    return options;
  }

  const View& view_;
  const bool far_apart_;
  RecordsUpwards upwards_;
  std::uint64_t without_transfers_ = 0;  // so many in a row
  std::vector<char> block_ = std::vector<char>(kFirstBlock);
  google::protobuf::Arena own_{Own()};
  google::protobuf::Arena* of_page_ = nullptr;
  std::size_t bytes_of_page_ = 0;
  LoadedRecord loaded_;
};

// The records in which something may match, in their order, for `take` to read from `records`. Where many records register parties, as in
// most ledgers at the beginning, they are stepped over. The rows of transfers, which are derived, say to which one. The records between are
// not read: only `verify` would find a transfer of theirs that has no row. False when `take` answered so.
StatusOr<bool> EachRecordAsked(const View& view, const Filter& filter, const RecordsAsked& records,
                               const std::function<StatusOr<bool>(RecordIndex)>& take) {
  const RecordIndex first = filter.after.has_value() ? filter.after->record : RecordIndex(0);
  const RecordIndex end(filter.as_of.has_value() ? *filter.as_of + 1 : UINT64_MAX);
  if (!filter.parties.empty()) return EachRecordOf(view, filter.parties, first, end, take);
  const RecordIndex beyond(std::min(end.value(), view.checkpoint.size()));
  for (RecordIndex next = first; next < beyond;) {
    FT_ASSIGN_OR_RETURN(const bool more, take(next));
    if (!more) return false;
    next = RecordIndex(next.value() + 1);
    if (next < beyond && records.IsWithoutTransfers()) {
      FT_ASSIGN_OR_RETURN(next, FirstWithTransfers(view, next, beyond));
    }
  }
  return true;
}

// False when `take` answered so.
StatusOr<bool> ListEach(const View& view, const Filter& filter, RecordsAsked* records, const TakeLine& take) {
  return EachRecordAsked(view, filter, *records, [&](RecordIndex index) -> StatusOr<bool> {
    FT_ASSIGN_OR_RETURN(LoadedRecord* const loaded, records->Get(index));
    return TakeRecord(view, loaded, filter, take);
  });
}

// Of all that fit, wherever the list begins.
StatusOr<v1::ListFacets> FacetsOf(const View& view, const Filter& asked, const Joins& joins,
                                  std::uint32_t most) {
  Filter filter = asked;
  filter.after.reset();
  FacetCounter counter(view, joins);
  RecordsAsked records(view, filter, false);
  bool full = false;
  FT_ASSIGN_OR_RETURN(const bool whole,
                      EachRecordAsked(view, filter, records, [&](RecordIndex index) -> StatusOr<bool> {
                        FT_ASSIGN_OR_RETURN(const LoadedRecord* const loaded, records.Get(index));
                        for (std::uint32_t line = 1; line <= loaded->lines.size(); ++line) {
                          if (full) return false;
                          full = !counter.Look();
                          const v1::Transfer& transfer = TransferOf(*loaded, line);
                          const TransferRef ref{index, line};
                          const Date date = loaded->lines[line - 1].date;
                          FT_ASSIGN_OR_RETURN(const bool fits, Matches(view, transfer, ref, date, filter));
                          if (!fits) continue;
                          FT_ASSIGN_OR_RETURN(const auto projects, ProjectsOf(view, transfer, ref));
                          FT_RETURN_IF_ERROR(counter.Take(transfer, date, projects));
                        }
                        return true;
                      }));
  if (!whole) counter.Cut();
  return counter.Answer(view, most);
}

// How many fit in all, wherever the list begins; nothing where more than kMaxInAll had to be looked at.
// `sums`, where it is wanted, gets all of them; it becomes nothing where a sum does not fit.
StatusOr<std::optional<std::uint64_t>> CountOf(const View& view, const Filter& asked,
                                               std::optional<LogMoneySums>* sums) {
  Filter filter = asked;
  filter.after.reset();
  const RecordIndex end(filter.as_of.has_value() ? *filter.as_of + 1 : view.checkpoint.size());
  if (filter.IsOfParties()) return CountTransfers(view, filter.parties, end, kMaxInAll);
  std::uint64_t looked = 0, fit = 0;
  google::protobuf::Arena arena;
  LoadedRecord loaded;
  const auto take = [&](RecordIndex index) -> StatusOr<bool> {
    FT_RETURN_IF_ERROR(view.GoOn());
    arena.Reset();
    FT_RETURN_IF_ERROR(LoadRecord(view, index, &arena, &loaded));
    for (std::uint32_t line = 1; line <= loaded.lines.size(); ++line) {
      if (++looked > kMaxInAll) return false;
      FT_ASSIGN_OR_RETURN(const bool fits, Matches(view, TransferOf(loaded, line), {index, line},
                                                   loaded.lines[line - 1].date, filter));
      if (fits) ++fit;
      if (fits && sums->has_value() && !(*sums)->Add(TransferOf(loaded, line))) sums->reset();
    }
    return true;
  };
  FT_ASSIGN_OR_RETURN(const bool whole, EachRecordWithTransfers(view, filter.parties, end, take));
  return whole ? std::optional(fit) : std::nullopt;
}

// What stands on the first page alone.
struct ListHead {
  std::optional<v1::ListFacets> facets;
  v1::ListAnswer joined;
};

// The items of which a line shows the names. Many in a row have the same.
class NamedItems {
 public:
  // Whether the transfer has another one than the transfer before.
  bool NamesMore(const v1::Transfer& transfer) {
    const std::string* const now[] = {&transfer.fund(), &transfer.to_fund(), &transfer.project(),
                                      &transfer.to_project(), &transfer.place()};
    bool more = false;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (*now[i] == before_[i]) continue;
      before_[i] = *now[i];
      more = true;
    }
    return more;
  }

 private:
  std::array<std::string, 5> before_;
};

// Page by page.
class ListWalk {
 public:
  ListWalk(const View& view, Filter filter, ListHead head, bool counts)
      : view_(Then(view, filter.as_of)),
        left_(std::move(filter)),
        head_(std::move(head)),
        counts_(counts),
        from_the_first_(!left_.after.has_value()) {
    if (!left_.project.empty()) sums_.emplace();
  }

  StatusOr<std::optional<std::string>> Fill(v1::ListAnswer* page, PageBudget* budget) {
    if (left_.as_of.has_value()) page->set_as_of_record(*left_.as_of);
    const bool first = head_.has_value();
    if (first) {
      const std::size_t without = page->ByteSizeLong();
      page->mutable_joined()->Swap(head_->joined.mutable_joined());
      if (head_->facets.has_value()) page->mutable_facets()->Swap(&*head_->facets);
      budget->TakeBytes(page->ByteSizeLong() - without);
      head_.reset();
    }
    std::optional<TransferRef> last = left_.after;
    // The records of parties are few: to look ahead reads all.
    if (!first && left_.parties.empty()) FT_RETURN_IF_ERROR(facts_.LookAhead(last->record));
    // Whoever goes on after the first page may go through all there are.
    if (!records_.has_value() || (!first && !passes_)) {
      passes_ = !first;
      records_.emplace(view_, left_, passes_);
    }
    records_->ReadInto(left_.TakesAll() ? page->GetArena() : nullptr);
    const auto take = [&](LoadedRecord* loaded, std::uint32_t number) -> StatusOr<bool> {
      // The head alone may fill a page. The first line stands there all the same: a list goes on behind a line.
      if (budget->full() && last.has_value()) return false;
      v1::TransferLine& line = *page->add_transfers();
      FT_RETURN_IF_ERROR(TakeLineOf(loaded, number, &facts_, &line));
      budget->TakePart(line.ByteSizeLong());
      if (named_.NamesMore(line.transfer())) {
        FT_ASSIGN_OR_RETURN(const std::size_t names, names_.Add(view_, line, page->mutable_names()));
        budget->TakeBytes(names);
      }
      if (sums_.has_value() && !sums_->Add(line.transfer())) sums_.reset();
      last = model::RefOf(line.ref());
      return true;
    };
    FT_ASSIGN_OR_RETURN(const bool whole, ListEach(view_, left_, &*records_, take));
    if (first && counts_) FT_RETURN_IF_ERROR(Count(whole && from_the_first_, page));
    if (whole && from_the_first_) FT_RETURN_IF_ERROR(SaySums(page));
    if (whole) return std::optional<std::string>();
    left_.after = last;
    return std::optional(model::RefText(*last));
  }

 private:
  // On the first page. `all`: every transfer that fits is on it.
  Status Count(bool all, v1::ListAnswer* page) {
    std::optional<std::uint64_t> in_all = page->transfers_size();
    if (!all) {
      std::optional<LogMoneySums> sums;
      if (!left_.project.empty()) sums.emplace();
      FT_ASSIGN_OR_RETURN(in_all, CountOf(view_, left_, &sums));
      // Where too much had to be looked at, the last page may say them.
      if (in_all.has_value()) {
        sums_ = std::move(sums);
        FT_RETURN_IF_ERROR(SaySums(page));
      }
    }
    if (in_all.has_value()) page->set_in_all(*in_all);
    return absl::OkStatus();
  }

  // Once: no later page says them.
  Status SaySums(v1::ListAnswer* page) {
    if (sums_.has_value()) FT_RETURN_IF_ERROR(sums_->Say(view_, page->mutable_sums()));
    sums_.reset();
    return absl::OkStatus();
  }

  const View view_;
  TransferFacts facts_{view_};
  Filter left_;
  std::optional<RecordsAsked> records_;
  bool passes_ = false;           // how it reads these
  std::optional<ListHead> head_;  // until it is said
  const bool counts_;
  const bool from_the_first_;  // the list begins at the beginning of the ledger
  ItemNames names_;
  NamedItems named_;
  std::optional<LogMoneySums> sums_;  // of a project's transfers, until they are said or do not fit
};

}  // namespace

StatusOr<Pages<v1::ListAnswer>> List(const View& view, const v1::ListRequest& request, const Paging& paging) {
  FT_ASSIGN_OR_RETURN(Filter filter, FilterOf(view, request));
  FT_RETURN_IF_ERROR(CheckAsOf(view, filter.as_of));
  if (!filter.fund.empty()) FT_RETURN_IF_ERROR(CheckFund(view, filter.fund));
  if (!request.party().empty()) FT_RETURN_IF_ERROR(FindParty(view, request.party()).status());
  if (request.facets() > kMaxFacetValues)
    return absl::InvalidArgumentError(absl::StrCat("facets: at most ", kMaxFacetValues, " values"));
  FT_ASSIGN_OR_RETURN(const Joins joins, Joins::Read(view, request.joined(), filter.as_of));
  if (!request.party().empty()) filter.parties = joins.Together(request.party());
  std::set<std::string> joined(filter.parties.begin(), filter.parties.end());
  if (request.facets() > 0)
    for (const auto& [standing, under] : joins.standing()) joined.insert(under.begin(), under.end());
  ListHead head;
  FT_RETURN_IF_ERROR(joins.Say(view, filter.as_of, joined, &head.joined));
  if (request.facets() > 0) {
    FT_ASSIGN_OR_RETURN(head.facets, FacetsOf(Then(view, filter.as_of), filter, joins, request.facets()));
  }
  const auto walk = std::make_shared<ListWalk>(view, std::move(filter), std::move(head), paging.limit > 0);
  const auto fill = [walk](v1::ListAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::ListAnswer>(view, paging, fill);
}

}  // namespace fundtrail::query
