// Traces that are told by the ways of their units: for pictures, which see the answer alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/picture/sheet.h"

namespace fundtrail::testing {

struct Way {
  std::int64_t amount;
  std::vector<std::string> parties;  // from the one that was asked about
  v1::EndKind end;
};

inline v1::Account AccountOf(const std::string& party) {
  v1::Account account;
  account.set_party(party);
  account.set_party_name(party);
  account.set_fund("flood");
  account.set_asset("USD");
  account.set_decimals(2);
  return account;
}

// Of an asset, the sum of one kind of end.
inline void AddToKind(v1::EndKind kind, std::int64_t amount, v1::AssetTrace* trace) {
  if (kind == v1::END_KIND_REACHED) trace->set_reached(trace->reached() + amount);
  if (kind == v1::END_KIND_ENDS_HERE) trace->set_ends_here(trace->ends_here() + amount);
  if (kind == v1::END_KIND_HELD) trace->set_held(trace->held() + amount);
  if (kind == v1::END_KIND_RETURNED) trace->set_returned(trace->returned() + amount);
  if (kind == v1::END_KIND_EXCHANGED) trace->set_exchanged(trace->exchanged() + amount);
  if (kind == v1::END_KIND_BROUGHT_IN) trace->set_brought_in(trace->brought_in() + amount);
  if (kind == v1::END_KIND_UNRECORDED) trace->set_unrecorded(trace->unrecorded() + amount);
}

inline void FillFlow(const v1::Account& from, const v1::Account& to, std::int64_t amount,
                     v1::TraceFlow* flow) {
  *flow->mutable_from() = from;
  *flow->mutable_to() = to;
  flow->set_amount(amount);
  flow->set_transfers(1);
  flow->set_first_date("2026-03-01");
  flow->set_last_date("2026-08-26");
}

inline void FillEnd(const v1::Account& account, v1::EndKind kind, std::int64_t amount, v1::TraceEnd* end) {
  end->set_kind(kind);
  *end->mutable_account() = account;
  end->set_amount(amount);
  end->set_first_date("2026-03-01");
  end->set_last_date("2026-08-26");
}

// What a ledger would answer, with layers up to that hop.
inline v1::AssetTrace TraceOf(v1::Direction direction, const std::vector<Way>& ways,
                              std::uint32_t hops = 40) {
  const bool forward = direction == v1::DIRECTION_FROM;
  v1::AssetTrace trace;
  trace.set_asset("USD");
  trace.set_decimals(2);
  struct Layer {
    std::map<std::pair<std::string, std::string>, std::int64_t> flows;  // the account before, this one
    std::map<std::pair<std::string, v1::EndKind>, std::int64_t> ends;
    std::int64_t beyond = 0;
  };
  std::vector<Layer> layers;
  for (const Way& way : ways) {
    trace.set_asked(trace.asked() + way.amount);
    AddToKind(way.end, way.amount, &trace);
    std::string before;
    for (std::size_t i = 0; i < way.parties.size() && i <= hops; ++i) {
      if (layers.size() <= i) layers.emplace_back();
      layers[i].flows[{before, way.parties[i]}] += way.amount;
      before = way.parties[i];
      if (i + 1 == way.parties.size()) {
        layers[i].ends[{before, way.end}] += way.amount;
      } else if (i == hops) {
        layers[i].beyond += way.amount;
      }
    }
  }
  std::map<std::pair<std::string, std::string>, std::int64_t> flows;
  std::map<std::pair<std::string, v1::EndKind>, std::int64_t> ends;
  for (const Way& way : ways) {
    for (std::size_t i = 1; i < way.parties.size(); ++i) {
      const std::string &one = way.parties[i - 1], &next = way.parties[i];
      flows[forward ? std::pair(one, next) : std::pair(next, one)] += way.amount;
    }
    ends[{way.parties.back(), way.end}] += way.amount;
  }
  for (const auto& [between, amount] : flows)
    FillFlow(AccountOf(between.first), AccountOf(between.second), amount, trace.add_flows());
  for (const auto& [of, amount] : ends) FillEnd(AccountOf(of.first), of.second, amount, trace.add_ends());
  for (std::size_t hop = 0; hop < layers.size(); ++hop) {
    auto* layer = trace.add_layers();
    layer->set_hop(static_cast<std::uint32_t>(hop));
    layer->set_beyond(layers[hop].beyond);
    for (const auto& [between, amount] : layers[hop].flows) {
      auto* flow = layer->add_flows();
      const v1::Account one = AccountOf(between.first), next = AccountOf(between.second);
      FillFlow(forward ? one : next, forward ? next : one, amount, flow);
      if (hop == 0) forward ? flow->clear_from() : flow->clear_to();
    }
    for (const auto& [of, amount] : layers[hop].ends)
      FillEnd(AccountOf(of.first), of.second, amount, layer->add_ends());
  }
  return trace;
}

inline v1::TraceAnswer AnswerOf(v1::Direction direction, const v1::AssetTrace& trace) {
  v1::TraceAnswer answer;
  answer.set_direction(direction);
  answer.set_question(direction == v1::DIRECTION_FROM ? "Where the money of Sweden went"
                                                      : "Where the money of Village came from");
  answer.set_method("earmarks first, then first in, first out");
  answer.mutable_as_of()->set_ledger("example.org/relief");
  answer.mutable_as_of()->set_size(1204);
  answer.mutable_as_of()->set_root(std::string(32, '\x5a'));
  *answer.add_assets() = trace;
  return answer;
}

// Money that goes round between two bodies, and a part that stays on the way.
inline std::vector<Way> CirclingWays() {
  return {
      {590'546'900, {"Sweden", "Afghanistan Humanitarian Fund", "World Food Programme"}, v1::END_KIND_HELD},
      {567'081'800, {"Sweden", "ICRC"}, v1::END_KIND_REACHED},
      {400'000'000,
       {"Sweden", "UNICEF", "WHO", "UNICEF", "WHO", "Ministry of Public Health"},
       v1::END_KIND_REACHED},
      {150'000'000, {"Sweden", "UNICEF", "WHO", "UNICEF"}, v1::END_KIND_HELD},
      {120'000'000, {"Sweden", "UNICEF", "WHO"}, v1::END_KIND_ENDS_HERE},
      {60'000'000, {"Sweden", "UNICEF", "Sweden"}, v1::END_KIND_RETURNED},
      {39'820'500, {"Sweden", "Afghanistan Humanitarian Fund", "WHO"}, v1::END_KIND_EXCHANGED},
      {1,
       {"Sweden", "Afghanistan Humanitarian Fund", "A village council with a rather long name, 村民委员会"},
       v1::END_KIND_REACHED}};
}

// Backward, of an origin that a file does not tell.
inline std::vector<Way> OriginWays() {
  return {{500'000, {"Village", "County", "Ministry", "Donor A"}, v1::END_KIND_BROUGHT_IN},
          {300'000, {"Village", "County", "Ministry", "Donor B"}, v1::END_KIND_BROUGHT_IN},
          {200'000, {"Village", "Charity", "unrecorded"}, v1::END_KIND_UNRECORDED}};
}

}  // namespace fundtrail::testing
