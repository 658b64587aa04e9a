// Of the log: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"

namespace fundtrail::cli {
namespace {

// All transfers that the sums count; false when one is of something and counts nothing, or is below zero.
bool CountTransfers(const v1::LogMoney& money, std::uint64_t* transfers) {
  for (const v1::LogSum* sum :
       {&money.paid(), &money.moved(), &money.sent_back(), &money.committed(), &money.withdrawn()}) {
    if (sum->amount() < 0 || (sum->transfers() == 0) != (sum->amount() == 0)) return false;
    if (sum->transfers() > UINT64_MAX - *transfers) return false;
    *transfers += sum->transfers();
  }
  return true;
}

Status CheckLogLine(const v1::LogLine& line, const v1::LogRequest& request, const std::string& of) {
  constexpr std::size_t kKeyBytes = 32;
  if (!request.author().empty() && request.author() != line.author())
    return Bad(of + "it is by another author than was asked for");
  for (const std::string& key : line.signers())
    if (key.size() != kKeyBytes) return Bad(of + "a signer is no key");
  if (!request.signer().empty() &&
      std::find(line.signers().begin(), line.signers().end(), request.signer()) == line.signers().end())
    return Bad(of + "it is not signed by the key that was asked for");
  std::uint64_t moved = 0;
  bool asked = request.kinds().empty();
  for (int i = 0; i < line.kinds_size(); ++i) {
    const v1::LogKind& kind = line.kinds(i);
    if (kind.count() == 0 || (i > 0 && line.kinds(i - 1).kind() >= kind.kind()))
      return Bad(of + "its kinds of actions are not counted once each");
    if (kind.kind() == "transfer") moved = kind.count();
    asked = asked ||
            std::find(request.kinds().begin(), request.kinds().end(), kind.kind()) != request.kinds().end();
  }
  if (!asked) return Bad(of + "it has no action that was asked for");
  std::uint64_t summed = 0;
  for (int i = 0; i < line.money_size(); ++i) {
    const v1::LogMoney& money = line.money(i);
    if (i > 0 && line.money(i - 1).asset() >= money.asset()) return Bad(of + "its assets are out of order");
    if (!CountTransfers(money, &summed)) return Bad(of + "a sum cannot be of so many transfers");
  }
  return summed == moved ? absl::OkStatus() : Bad(of + "its sums are not of all its transfers");
}

}  // namespace

Status CheckAnswer(const v1::LogAnswer& answer, const v1::LogRequest& request) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.records_size()));
  if (answer.to() >= answer.as_of().size() || (request.has_to() && answer.to() != request.to()))
    return Bad("it is up to another record than was asked for");
  for (int i = 0; i < answer.records_size(); ++i) {
    const v1::LogLine& line = answer.records(i);
    const std::string of = absl::StrCat("of record ", line.index(), ", ");
    if (line.index() < request.from() || line.index() > answer.to()) return Bad(of + "it was not asked for");
    if (i > 0 && (request.oldest_first() ? answer.records(i - 1).index() >= line.index()
                                         : answer.records(i - 1).index() <= line.index()))
      return Bad(of + "it is out of order");
    FT_RETURN_IF_ERROR(CheckLogLine(line, request, of));
  }
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.records_size()) > request.limit())
    return Bad("it has more records than were asked for");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
