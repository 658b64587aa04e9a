// See summary.h.
#include "ledger/query/summary.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/register_table.h"
#include "ledger/query/body_sums.h"
#include "ledger/query/kept_bodies.h"
#include "ledger/query/records.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::uint32_t kUsualLargest = 5;
constexpr std::uint32_t kMaxTop = 100;

// A body and what it is ranked by.
struct RankedBody {
  Wide amount = 0;
  const BodySum* body = nullptr;
};
using RankedBodies = std::vector<std::vector<RankedBody>>;  // by the number of the asset

// The largest, by amount and then by id, as lines.
Status AddLargest(const View& view, AsOfRecord as_of, const Joins& joins, const std::string& asset,
                  std::vector<RankedBody> ranked, std::size_t top,
                  google::protobuf::RepeatedPtrField<v1::TopLine>* lines) {
  const auto first = [](const RankedBody& one, const RankedBody& other) {
    if (one.amount != other.amount) return one.amount > other.amount;
    return one.body->party.number < other.body->party.number;
  };
  const std::size_t shown = std::min(top, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(shown), ranked.end(), first);
  for (std::size_t i = 0; i < shown; ++i) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(v1::TopLine line, RankedLine(view, as_of, joins, asset, *ranked[i].body));
    FT_RETURN_IF_ERROR(view.Grow(line.ByteSizeLong()));
    *lines->Add() = std::move(line);
  }
  return absl::OkStatus();
}

Status AddAssets(const View& view, AsOfRecord as_of, const BodySums& read, std::size_t top,
                 v1::SummaryAnswer* answer) {
  RankedBodies donors(read.assets.size()), recipients(read.assets.size());
  for (const BodySum& body : read.bodies) {
    if (body.sums.brought_in > 0 && !body.party.unrecorded)
      donors[body.asset].push_back({body.sums.brought_in, &body});
    if (body.party.role == v1::ROLE_RECIPIENT && body.sums.there() > 0)
      recipients[body.asset].push_back({body.sums.there(), &body});
  }
  std::map<std::string, std::size_t> by_name;
  for (std::size_t number = 0; number < read.assets.size(); ++number)
    by_name.emplace(read.assets[number], number);
  for (const auto& [asset, sums] : read.all) {
    v1::AssetSummary* said = answer->add_assets();
    FT_ASSIGN_OR_RETURN(*said->mutable_all(), ToMessage(view, asset, sums));
    FT_RETURN_IF_ERROR(view.Grow(said->ByteSizeLong()));
    std::vector<RankedBody>&of_donors = donors[by_name.at(asset)],
    &of_recipients = recipients[by_name.at(asset)];
    said->set_donor_count(of_donors.size());
    said->set_recipient_count(of_recipients.size());
    FT_RETURN_IF_ERROR(
        AddLargest(view, as_of, read.joins, asset, std::move(of_donors), top, said->mutable_donors()));
    FT_RETURN_IF_ERROR(AddLargest(view, as_of, read.joins, asset, std::move(of_recipients), top,
                                  said->mutable_recipients()));
  }
  return absl::OkStatus();
}

Status AddRegisters(const View& view, AsOfRecord as_of, v1::SummaryAnswer* answer) {
  for (const model::Register& of : model::Registers()) {
    v1::RegisterCount count;
    FT_RETURN_IF_ERROR(EachItem(view, of.action, as_of, [&count](const v1::RegisterRow& row) {
      count.set_items(count.items() + 1);
      if (row.has_ended()) count.set_ended(count.ended() + 1);
      return absl::OkStatus();
    }));
    if (count.items() == 0) continue;
    count.set_register_(std::string(of.name));
    *answer->add_registers() = std::move(count);
  }
  return absl::OkStatus();
}

Status AddNewest(const View& view, AsOfRecord as_of, std::size_t top, v1::SummaryAnswer* answer) {
  const Bytes all = keys::AllOf(keys::kTransferTag);
  Bytes end = as_of.has_value() ? keys::Transfer({RecordIndex(*as_of + 1), 0}) : store::PrefixEnd(all);
  const View then = Then(view, as_of);
  LineReader reader(then);
  for (std::size_t i = 0; i < top; ++i) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(auto last, view.rows->Last(all, end));
    if (!last.has_value()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(last->first));
    FT_ASSIGN_OR_RETURN(v1::TransferLine line, reader.Get(ref));
    FT_RETURN_IF_ERROR(view.Grow(line.ByteSizeLong()));
    *answer->add_newest() = std::move(line);
    end = std::move(last->first);
  }
  return absl::OkStatus();
}

}  // namespace

StatusOr<v1::SummaryAnswer> Summary(const View& view, const v1::SummaryRequest& request) {
  if (request.top() > kMaxTop) return absl::InvalidArgumentError(absl::StrCat("top: at most ", kMaxTop));
  const std::size_t top = request.top() == 0 ? kUsualLargest : request.top();
  BodyFilter filter;
  if (request.has_as_of()) filter.as_of = request.as_of();
  filter.joined = request.joined();
  v1::SummaryAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (filter.as_of.has_value()) answer.set_as_of_record(*filter.as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_last_day(), DayAsked(view, "", filter.as_of));
  answer.set_records(filter.as_of.has_value() ? *filter.as_of + 1 : view.checkpoint.size());
  FT_ASSIGN_OR_RETURN(const auto sums, ReadBodies(view, filter));
  const BodySums& read = *sums;
  answer.set_transfers(read.transfers);
  answer.set_committed_transfers(read.committed_transfers);
  FT_RETURN_IF_ERROR(AddRegisters(view, filter.as_of, &answer));
  FT_RETURN_IF_ERROR(AddAssets(view, filter.as_of, read, top, &answer));
  FT_RETURN_IF_ERROR(AddNewest(view, filter.as_of, top, &answer));
  FT_RETURN_IF_ERROR(read.joins.Say(view, filter.as_of, read.joined, &answer));
  return answer;
}

}  // namespace fundtrail::query
