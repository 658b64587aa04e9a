// See who_may.h.
#include "cli/client/who_may.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/questions.h"
#include "ledger/base/bytes.h"
#include "ledger/model/refusal.h"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMaxKeysTold = 5;
constexpr std::size_t kMaxPartiesAbove =
    1000;  // more than a tree of a ledger has, and fewer than a liar tells

// The party and all above it, upwards.
StatusOr<std::vector<std::string>> PartiesUp(Connection* connection, const std::string& party) {
  std::vector<std::string> up;
  std::set<std::string> seen;
  std::string at = party;
  while (!at.empty() && up.size() < kMaxPartiesAbove && seen.insert(at).second) {
    v1::RegistersRequest request;
    request.set_register_("party");
    request.add_ids(at);
    FT_ASSIGN_OR_RETURN(const auto answer, WholeRegisters(connection, request, kMaxShort));
    FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
    if (answer.lines_size() != 1)
      return absl::InternalError("the server answered without the party asked for");
    up.push_back(at);
    at = answer.lines(0).action().register_party().parent();
  }
  return up;
}

bool Permits(const v1::KeyLine& line, v1::Permission permission) {
  return permission == v1::PERMISSION_UNSPECIFIED ||
         std::find(line.permissions().begin(), line.permissions().end(), permission) !=
             line.permissions().end();
}

// "12ab… for village", and " and 3 more".
std::string KeysInWords(const std::vector<v1::KeyLine>& keys, bool with_party) {
  std::string text;
  for (std::size_t i = 0; i < std::min(keys.size(), kMaxKeysTold); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", HexEncode(keys[i].public_key()));
    if (with_party) absl::StrAppend(&text, " for ", keys[i].party());
    if (with_party && keys[i].descendants()) absl::StrAppend(&text, " and all below");
  }
  if (keys.size() > kMaxKeysTold) absl::StrAppend(&text, " and ", keys.size() - kMaxKeysTold, " more");
  return text;
}

// What the refused entry wanted to do: for which party, with which permission. Empty where the field does not say.
std::pair<std::string, v1::Permission> Wanted(const v1::Entry& entry, const std::string& field) {
  if (field == "author") return {entry.author(), v1::PERMISSION_UNSPECIFIED};
  for (int i = 0; i < entry.actions_size(); ++i) {
    if (entry.actions(i).has_transfer() && field == absl::StrCat("actions[", i, "].transfer.from"))
      return {entry.actions(i).transfer().from(), v1::PERMISSION_PAY};
  }
  return {"", v1::PERMISSION_UNSPECIFIED};
}

}  // namespace

bool WhoMay::Has(const crypto::PublicKey& key) const {
  const auto is = [&](const v1::KeyLine& line) { return line.public_key() == key.view(); };
  return std::any_of(keys.begin(), keys.end(), is) ||
         (root_threshold <= 1 && std::any_of(root.begin(), root.end(), is));
}

StatusOr<WhoMay> AskWhoMay(Connection* connection, const std::string& party, v1::Permission permission) {
  FT_ASSIGN_OR_RETURN(const auto up, PartiesUp(connection, party));
  v1::KeysRequest request;
  FT_ASSIGN_OR_RETURN(const auto answer, WholeKeys(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  WhoMay who;
  who.party = party;
  who.permission = permission;
  who.root_threshold = answer.root_threshold();
  for (const v1::KeyLine& line : answer.keys()) {
    if (line.root()) {
      who.root.push_back(line);
      continue;
    }
    const bool reaches = line.party() == party ||
                         (line.descendants() && std::find(up.begin(), up.end(), line.party()) != up.end());
    if (reaches && Permits(line, permission)) who.keys.push_back(line);
  }
  return who;
}

std::string WhoMayWords(const WhoMay& who) {
  std::string text;
  if (who.keys.empty()) {
    text = absl::StrCat("no key was given for ", who.party, " yet");
  } else {
    text = absl::StrCat("these keys may: ", KeysInWords(who.keys, true));
  }
  if (who.root.empty()) return text;
  return absl::StrCat(text, "; or ", who.root_threshold, " of the root keys: ", KeysInWords(who.root, false));
}

Status WithWhoMay(Connection* connection, const v1::Entry& entry, const Status& refused) {
  auto refusal = model::RefusalOf(refused);
  if (!refusal.has_value() || refusal->code() != v1::REFUSAL_CODE_KEY_NOT_AUTHORISED) return refused;
  const auto [party, permission] = Wanted(entry, refusal->field());
  if (party.empty()) return refused;
  const auto who = AskWhoMay(connection, party, permission);
  if (!who.ok()) return refused;
  refusal->set_sentence(absl::StrCat(refusal->sentence(), "; ", WhoMayWords(*who)));
  return model::Refuse(*refusal);
}

}  // namespace fundtrail::cli
