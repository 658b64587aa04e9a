// See start_checks.h.
#include "ledger/postgres/start_checks.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace fundtrail::postgres {
namespace {

Status Unfit(const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat("PostgreSQL: ", why));
}

// Whether the setting names more standbys than must acknowledge: "n2, n3" is FIRST 1 (n2, n3).
bool HasSpareNames(const std::string& setting) {
  std::string list = setting;
  std::size_t needed = 1;
  if (const auto open = setting.find('('); open != std::string::npos && setting[0] != '"') {
    list = setting.substr(open + 1);
    const std::string number = setting.substr(0, open);
    const auto digit = number.find_first_of("0123456789");
    if (digit == std::string::npos || !absl::SimpleAtoi(number.substr(digit), &needed)) needed = 1;
  }
  std::size_t names = 1;
  bool quoted = false;
  for (const char c : list) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++names;
  }
  return names > needed;
}

}  // namespace

Status CheckStandbyNames(const std::string& names, bool quorum_ok) {
  const std::string trimmed(absl::StripAsciiWhitespace(names));
  if (trimmed.empty())
    return Unfit(
        "synchronous_standby_names is empty, so a record would be on one disk alone: name the standby, as "
        "'n2'");
  if (absl::StrContains(trimmed, '*'))
    return Unfit(
        "synchronous_standby_names has '*', so any program that connects could acknowledge: name the "
        "standby");
  const bool any = absl::StartsWithIgnoreCase(trimmed, "any") && trimmed.size() > 3 &&
                   (absl::ascii_isspace(trimmed[3]) || absl::ascii_isdigit(trimmed[3]));
  if (any && !quorum_ok)
    return Unfit(
        "synchronous_standby_names has ANY: after a failover the third node could go on acknowledging for "
        "the "
        "old primary. Name one standby, or attach the folder again with --quorum-ok");
  if (!quorum_ok && HasSpareNames(trimmed))
    return Unfit(
        "synchronous_standby_names has more names than must acknowledge: after a failover another could go "
        "on "
        "acknowledging for the old primary. Name one standby, or attach the folder again with --quorum-ok");
  return absl::OkStatus();
}

Status CheckServer(const ServerFacts& facts, bool quorum_ok) {
  if (facts.version < 150'000)
    return Unfit(absl::StrCat("it is version ", facts.version / 10'000, ", and 15 or later is needed"));
  if (facts.superuser)
    return Unfit("the URL's role is a superuser, who could change the log's rules: make a role of its own");
  if (facts.fsync != "on") return Unfit("fsync is off, so a power cut would lose receipts: set fsync = on");
  if (facts.full_page_writes != "on")
    return Unfit("full_page_writes is off, so a power cut could tear a page: set full_page_writes = on");
  if (facts.synchronous_commit != "on")
    return Unfit(
        absl::StrCat("synchronous_commit is ", facts.synchronous_commit, " in this session, not on"));
  return CheckStandbyNames(facts.standby_names, quorum_ok);
}

}  // namespace fundtrail::postgres
