// Of keys: what is checked (checks.h).
#include <cstdint>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"

namespace fundtrail::cli {
namespace {

// Where it stands among the grants: what is in force comes after what was taken back.
std::tuple<std::string, std::string, std::uint64_t> PlaceOf(const v1::KeyLine& line) {
  return {line.public_key(), line.party(), line.has_revoked() ? line.revoked() : UINT64_MAX};
}

}  // namespace

Status CheckAnswer(const v1::KeyAnswer& answer, const v1::KeysRequest& request) {
  constexpr std::size_t kPublicKeyBytes = 32;
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  for (int i = 0; i < answer.keys_size(); ++i) {
    const v1::KeyLine& line = answer.keys(i);
    if (line.public_key().size() != kPublicKeyBytes) return Bad("a line is of no key");
    const std::string of =
        absl::StrCat("of key ", HexEncode(line.public_key()), " for ", Escaped(line.party()), ", ");
    const bool asked = (request.party().empty() || request.party() == line.party()) &&
                       (request.public_key().empty() || request.public_key() == line.public_key());
    if (!asked) return Bad(of + "it was not asked for");
    if (request.has_as_of() && line.record() > request.as_of()) return Bad(of + "it was given later");
    if (line.root() && line.permissions_size() > 0) return Bad(of + "a root key has permissions of its own");
    if (line.has_revoked() && (!request.all() || line.revoked() < line.record()))
      return Bad(of + "it was taken back");
    if (i > 0 && !(PlaceOf(answer.keys(i - 1)) < PlaceOf(line))) return Bad(of + "it is out of order");
  }
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.keys_size()) > request.limit())
    return Bad("it has more keys than were asked for");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
