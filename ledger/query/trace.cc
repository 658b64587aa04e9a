// See trace.h.
#include "ledger/query/trace.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/model/references.h"
#include "ledger/query/item_names.h"
#include "ledger/query/movements.h"
#include "ledger/query/request_fields.h"
#include "ledger/query/trace_flows.h"
#include "ledger/query/trace_parts.h"

namespace fundtrail::query {
namespace {

// To the sum of the ends of that kind; false when there is none. An AssetTrace and its TraceSums have the same names.
template <typename Sums>
bool AddToSum(v1::EndKind kind, std::int64_t amount, Sums* sums) {
  switch (kind) {
    case v1::END_KIND_REACHED:
      sums->set_reached(sums->reached() + amount);
      return true;
    case v1::END_KIND_ENDS_HERE:
      sums->set_ends_here(sums->ends_here() + amount);
      return true;
    case v1::END_KIND_HELD:
      sums->set_held(sums->held() + amount);
      return true;
    case v1::END_KIND_RETURNED:
      sums->set_returned(sums->returned() + amount);
      return true;
    case v1::END_KIND_EXCHANGED:
      sums->set_exchanged(sums->exchanged() + amount);
      return true;
    case v1::END_KIND_BROUGHT_IN:
      sums->set_brought_in(sums->brought_in() + amount);
      return true;
    case v1::END_KIND_UNRECORDED:
      sums->set_unrecorded(sums->unrecorded() + amount);
      return true;
    default:
      return false;
  }
}

Status AddEnd(Walker* walker, const EndKey& key, const EndSum& sum, v1::AssetTrace* trace) {
  auto* end = trace->add_ends();
  FT_RETURN_IF_ERROR(FillEnd(walker, key, sum, end));
  FT_RETURN_IF_ERROR(walker->view().Grow(end->ByteSizeLong()));
  const bool known =
      AddToSum(key.first, sum.amount.value(), trace) &&
      (sum.committed.is_zero() || AddToSum(key.first, sum.committed.value(), trace->mutable_committed()));
  return known ? absl::OkStatus() : absl::InternalError("a trace ended nowhere");
}

// What was asked is what ended; then the sums by kind fit too.
Status CheckSum(std::int64_t asked, std::int64_t ended, bool fits, const std::string& asset) {
  if (fits && ended == asked) return absl::OkStatus();
  return model::Damaged(absl::StrCat("the answer does not add up: ", asked, " units of ", asset,
                                     " were asked about and ",
                                     fits ? absl::StrCat(ended) : "more than 63 bits can count", " ended"));
}

Status AddFlows(Walker* walker, const Flows& flows, const std::string& asset, v1::AssetTrace* trace) {
  std::vector<const CountedFlows::value_type*> sorted;
  sorted.reserve(flows.flows.size());
  for (const auto& flow : flows.flows) sorted.push_back(&flow);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return std::tie(a->second.first_ref, a->first) < std::tie(b->second.first_ref, b->first);
  });
  for (const auto* const one : sorted) {
    const auto& [key, sum] = *one;
    FT_ASSIGN_OR_RETURN(const auto* from, walker->Describe(key.first));
    if (from->asset() != asset) continue;
    auto* flow = trace->add_flows();
    FT_RETURN_IF_ERROR(FillFlow(walker, key, sum, flow));
    FT_RETURN_IF_ERROR(walker->view().Grow(flow->ByteSizeLong() - kLeastFlowBytes));
  }
  return absl::OkStatus();
}

Status TraceAsset(Walker* walker, const TraceQuestion& question, const Flows& flows, const std::string& asset,
                  const Flows::AskedSum& sums, v1::AssetTrace* trace) {
  const Amount asked = sums.amount;
  trace->set_asset(asset);
  trace->set_asked(asked.value());
  const Wide came_round = sums.receipts - asked.value();
  if (came_round > std::numeric_limits<std::int64_t>::max())
    return absl::OutOfRangeError("more came round again than 63 bits can count: ask by fund or period");
  trace->set_came_round(static_cast<std::int64_t>(came_round));
  if (!sums.committed.is_zero()) trace->mutable_committed()->set_asked(sums.committed.value());
  FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(walker->view(), asset));
  trace->set_decimals(declared.decimals());
  std::vector<const CountedEnds::value_type*> ends;
  std::int64_t ended = 0;
  bool fits = true;
  for (const auto* const one : LargestFirst(flows.ends)) {
    FT_ASSIGN_OR_RETURN(const auto* account, walker->Describe(one->first.second));
    if (account->asset() != asset) continue;
    fits = fits && AddTo(&ended, one->second.amount.value());
    ends.push_back(one);
  }
  FT_RETURN_IF_ERROR(CheckSum(asked.value(), ended, fits, asset));
  for (const auto* const one : ends) FT_RETURN_IF_ERROR(AddEnd(walker, one->first, one->second, trace));
  FT_RETURN_IF_ERROR(AddFlows(walker, flows, asset, trace));
  Roots roots;
  for (const auto& [account, sum] : flows.asked_of) {
    FT_ASSIGN_OR_RETURN(const auto* described, walker->Describe(account));
    if (described->asset() != asset) continue;
    FT_ASSIGN_OR_RETURN(const model::AccountNumber standing, walker->Standing(account));
    roots.accounts[standing] += sum;  // no more than all that was asked, which fits
  }
  for (const Fragment& root : flows.roots) {
    FT_ASSIGN_OR_RETURN(const auto* described, walker->Describe(root.account));
    if (described->asset() == asset) roots.fragments.push_back(root);
  }
  for (const AskedUnits& units : flows.units) {
    FT_ASSIGN_OR_RETURN(const auto* described, walker->Describe(units.account));
    if (described->asset() == asset) roots.units.push_back(units);
  }
  Amount min;
  if (!question.min.empty()) {
    const auto parsed = ParseDecimal(question.min, static_cast<int>(trace->decimals()));
    if (!parsed.ok()) return Annotate(parsed.status(), "the least amount, in " + asset);
    min = *parsed;
  }
  if (question.want_tree) FT_RETURN_IF_ERROR(BuildTree(walker, question, min, roots, trace));
  if (question.want_paths) FT_RETURN_IF_ERROR(BuildPaths(walker, question, roots, trace));
  if (question.hops > 0) FT_RETURN_IF_ERROR(BuildLayers(walker, question.hops, roots, trace));
  return absl::OkStatus();
}

// Every account that a trace shows stands in its ends or its flows, or in those of its parts.
Status AddNames(const View& view, v1::TraceAnswer* answer) {
  ItemNames names;
  const auto add = [&](const v1::Account& account) {
    return names.Add(view, account, answer->mutable_names()).status();
  };
  for (const v1::AssetTrace& trace : answer->assets()) {
    for (const v1::TraceEnd& end : trace.ends()) FT_RETURN_IF_ERROR(add(end.account()));
    for (const v1::TraceFlow& flow : trace.flows()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      FT_RETURN_IF_ERROR(add(flow.from()));
      FT_RETURN_IF_ERROR(add(flow.to()));
    }
    for (const v1::ProRataEnd& end : trace.pro_rata().ends()) FT_RETURN_IF_ERROR(add(end.account()));
  }
  for (const v1::TraceReceipt& receipt : answer->receipts())
    for (const v1::TraceEnd& end : receipt.ends()) FT_RETURN_IF_ERROR(add(end.account()));
  return absl::OkStatus();
}

StatusOr<TraceQuestion> QuestionOf(const v1::TraceRequest& request) {
  TraceQuestion question;
  if (request.direction() != v1::DIRECTION_FROM && request.direction() != v1::DIRECTION_TO)
    return absl::InvalidArgumentError("direction: FROM or TO");
  question.direction = request.direction();
  if (request.refs_size() > kMaxReceipts)
    return absl::InvalidArgumentError(absl::StrCat("refs: at most ", kMaxReceipts));
  if (request.has_ref() && request.refs().empty()) question.ref = model::RefOf(request.ref());
  for (const v1::TransferRef& ref : request.refs()) question.refs.push_back(model::RefOf(ref));
  if (request.has_ref() && !request.refs().empty()) question.refs.push_back(model::RefOf(request.ref()));
  std::sort(question.refs.begin(), question.refs.end());
  question.refs.erase(std::unique(question.refs.begin(), question.refs.end()), question.refs.end());
  // A transfer of a record that is asked about too is in that one, which stands before it.
  std::optional<RecordIndex> whole;
  std::erase_if(question.refs, [&whole](TransferRef ref) {
    if (ref.line == 0) whole = ref.record;
    return ref.line != 0 && whole == ref.record;
  });
  question.party = request.party();
  question.fund = request.fund();
  question.project = request.project();
  FT_ASSIGN_OR_RETURN(question.since, Day("since", request.since()));
  FT_ASSIGN_OR_RETURN(question.until, Day("until", request.until()));
  if (request.has_as_of()) question.as_of = request.as_of();
  question.depth = static_cast<int>(std::min<std::uint32_t>(request.depth(), kMaxDepth + 1));  // more is cut
  question.min = request.min();
  question.want_tree = request.tree();
  question.want_paths = request.paths();
  question.hops = std::min(request.hops(), kMaxHops);
  question.joined = request.joined();
  question.pro_rata = request.pro_rata();
  if (request.path_budget() > 0) question.path_budget = request.path_budget();
  return question;
}

}  // namespace

Status FillEnd(Walker* walker, const EndKey& key, const EndSum& sum, v1::TraceEnd* end) {
  end->set_kind(key.first);
  if (auto* const arena = end->GetArena()) {
    FT_ASSIGN_OR_RETURN(auto* const account, walker->Share(key.second, arena));
    end->unsafe_arena_set_allocated_account(account);
  } else {
    FT_ASSIGN_OR_RETURN(const auto* account, walker->Describe(key.second));
    *end->mutable_account() = *account;
  }
  end->set_amount(sum.amount.value());
  end->set_first_date(walker->DayInWords(sum.first));
  end->set_last_date(walker->DayInWords(sum.last));
  end->set_committed(sum.committed.value());
  for (const TransferRef ref : sum.exchanges) model::SetRef(ref, end->add_exchanges());
  return absl::OkStatus();
}

Status FillFlow(Walker* walker, const FlowKey& key, const FlowSum& sum, v1::TraceFlow* flow) {
  if (auto* const arena = flow->GetArena()) {
    FT_ASSIGN_OR_RETURN(auto* const from, walker->Share(key.first, arena));
    FT_ASSIGN_OR_RETURN(auto* const to, walker->Share(key.second, arena));
    flow->unsafe_arena_set_allocated_from(from);
    flow->unsafe_arena_set_allocated_to(to);
  } else {
    FT_ASSIGN_OR_RETURN(const auto* from, walker->Describe(key.first));
    *flow->mutable_from() = *from;
    FT_ASSIGN_OR_RETURN(const auto* to, walker->Describe(key.second));
    *flow->mutable_to() = *to;
  }
  flow->set_amount(sum.amount.value());
  flow->set_transfers(sum.transfers);
  flow->set_first_date(walker->DayInWords(sum.first));
  flow->set_last_date(walker->DayInWords(sum.last));
  flow->set_committed(sum.committed.value());
  return absl::OkStatus();
}

StatusOr<v1::TraceAnswer> Trace(const View& view, const v1::TraceRequest& request) {
  FT_ASSIGN_OR_RETURN(const TraceQuestion question, QuestionOf(request));
  return Trace(view, question);
}

StatusOr<v1::TraceAnswer> Trace(const View& view, const TraceQuestion& question) {
  v1::TraceAnswer answer;
  FT_RETURN_IF_ERROR(Trace(view, question, &answer));
  return answer;
}

Status Trace(const View& view, const v1::TraceRequest& request, v1::TraceAnswer* answer) {
  FT_ASSIGN_OR_RETURN(const TraceQuestion question, QuestionOf(request));
  return Trace(view, question, answer);
}

Status Trace(const View& view, const TraceQuestion& question, v1::TraceAnswer* answer) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, question.as_of));
  FT_ASSIGN_OR_RETURN(Joins joins, Joins::Read(view, question.joined, question.as_of));
  Walker walker(view, question.direction, question.as_of, std::move(joins));
  FT_ASSIGN_OR_RETURN(const auto asked, FindStarts(&walker, question));
  FT_ASSIGN_OR_RETURN(const auto flows, FollowAll(&walker, asked));
  answer->Clear();
  *answer->mutable_as_of() = view.checkpoint;
  answer->set_direction(question.direction);
  FT_ASSIGN_OR_RETURN(*answer->mutable_question(), InWords(&walker, question));
  if (question.as_of.has_value()) answer->set_as_of_record(*question.as_of);
  answer->set_method("earmarks first, then first in, first out");
  for (const auto& [asset, sums] : flows.asked) {
    FT_RETURN_IF_ERROR(TraceAsset(&walker, question, flows, asset, sums, answer->add_assets()));
  }
  FT_RETURN_IF_ERROR(AddReceipts(&walker, question, answer));
  if (question.pro_rata) FT_RETURN_IF_ERROR(AddProRata(&walker, asked, flows, answer));
  FT_RETURN_IF_ERROR(AddNames(walker.view(), answer));
  return walker.joins().Say(view, question.as_of, walker.joined(), answer);
}

StatusOr<std::set<std::string>> TracedAssets(const View& view, const v1::TraceRequest& request) {
  FT_ASSIGN_OR_RETURN(const TraceQuestion question, QuestionOf(request));
  FT_RETURN_IF_ERROR(CheckAsOf(view, question.as_of));
  FT_ASSIGN_OR_RETURN(Joins joins, Joins::Read(view, question.joined, question.as_of));
  Walker walker(view, question.direction, question.as_of, std::move(joins));
  FT_ASSIGN_OR_RETURN(const auto asked, FindStarts(&walker, question));
  std::set<std::string> assets;
  for (const TraceStart& start : asked) {
    FT_ASSIGN_OR_RETURN(const auto* account, walker.Describe(start.fragment.account));
    assets.insert(account->asset());
  }
  return assets;
}

}  // namespace fundtrail::query
