// What the checks of a server's answers have in common.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fundtrail/v1/account.pb.h"
#include "fundtrail/v1/registers.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// DATA_LOSS, for an answer that nobody could have counted so from a ledger.
inline Status Bad(const std::string& what) {
  return absl::DataLossError(absl::StrCat("the server's answer cannot be true: ", what));
}

inline bool IsPart(std::int64_t part, std::int64_t whole) { return part >= 0 && part <= whole; }

// "hub, fund winter, CNY", for a message.
std::string OfAccount(const v1::Account& account);

// Of an item: that what was said is about it.
bool IsAbout(const v1::Attestation& said, const v1::Action& item);

// That an answer is of the record and the day that were asked about.
template <typename Answer, typename Request>
Status CheckWhen(const Answer& answer, const Request& request) {
  if (request.has_as_of() != answer.has_as_of_record() || request.as_of() != answer.as_of_record())
    return Bad("it is as of another record than was asked for");
  if constexpr (requires { request.on(); }) {
    if (!request.on().empty() && request.on() != answer.on())
      return Bad("it is of another day than was asked for");
  }
  return absl::OkStatus();
}

// That parties are joined only where that was asked for: each under another one, which stands under none.
template <typename Answer>
Status CheckJoined(const Answer& answer, bool wanted) {
  if (!wanted && !answer.joined().empty()) return Bad("it joins parties, which was not asked for");
  std::map<std::string, std::string> under;
  for (const auto& each : answer.joined()) {
    if (!under.emplace(each.party(), each.under()).second) return Bad("a party is joined twice");
    if (each.record() >= answer.as_of().size()) return Bad("a party is joined by a record that is not there");
  }
  for (const auto& [party, standing] : under)
    if (under.count(standing) > 0) return Bad("a party that stands for others is joined itself");
  return absl::OkStatus();
}

// That no more are shown than the answer says there are in all.
template <typename Answer>
Status CheckInAll(const Answer& answer, int shown) {
  if (answer.has_in_all() && answer.in_all() < static_cast<std::uint64_t>(shown))
    return Bad("more are shown than there are in all");
  return absl::OkStatus();
}

// The party that stands for this one, by what the answer says.
template <typename Answer>
std::string StandingFor(const Answer& answer, const std::string& party) {
  for (const auto& each : answer.joined())
    if (each.party() == party) return each.under();
  return party;
}

}  // namespace fundtrail::cli
