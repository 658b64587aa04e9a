// See policy.h. The policy's file, line by line.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/tree/policy.h"

namespace fundtrail::tree {
namespace {

using Items = std::vector<std::string_view>;

constexpr std::string_view kNone = "none";  // no cosignatures are asked for; never a member

Status Wrong(const std::string& why) { return absl::InvalidArgumentError(why); }

std::string Quoted(std::string_view name) { return absl::StrCat("\"", Escaped(name), "\""); }

Items ItemsOf(std::string_view line) {
  constexpr std::string_view kSpace = " \t";
  Items items;
  for (std::size_t at = line.find_first_not_of(kSpace); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(kSpace, at), line.size());
    items.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(kSpace, end);
  }
  return items;
}

class Parser {
 public:
  Status Take(std::string_view line) {
    const Items items = ItemsOf(line);
    if (items.empty() || items[0][0] == '#') return absl::OkStatus();
    if (items[0] == "log") return TakeLog(items);
    if (items[0] == "witness") return TakeWitness(items);
    if (items[0] == "group") return TakeGroup(items);
    if (items[0] == "quorum") return TakeQuorum(items);
    return Wrong(absl::StrCat(Quoted(items[0]),
                              " does not begin a line of a policy: log, witness, group and quorum do"));
  }

  StatusOr<Policy> Finish() && {
    if (!has_quorum_) return Wrong("the policy has no line \"quorum\"");
    return std::move(policy_);
  }

 private:
  Status TakeLog(const Items& items) {
    if (items.size() < 2 || items.size() > 3) return Wrong("a log is written: log <vkey> [<url>]");
    if (policy_.logs.size() == kMaxPolicyEach) return TooMany("logs");
    FT_ASSIGN_OR_RETURN(Verifier key, ParseVkey(items[1]));
    if (key.type != KeyType::kEd25519) return Wrong("a log's key is of type 01, and this is a witness's");
    if (!log_keys_.insert(key.key).second) return Wrong("this public key is a log's already");
    policy_.logs.push_back({std::move(key), UrlOf(items, 2)});
    return absl::OkStatus();
  }

  Status TakeWitness(const Items& items) {
    if (items.size() < 3 || items.size() > 4)
      return Wrong("a witness is written: witness <name> <vkey> [<url>]");
    if (witness_keys_.size() == kMaxPolicyEach) return TooMany("witnesses");
    FT_ASSIGN_OR_RETURN(Verifier key, ParseVkey(items[2]));
    if (key.type != KeyType::kCosignature)
      return Wrong("a witness's key is of type 04, and this one signs as a log does");
    if (!witness_keys_.insert(key.key).second) return Wrong("this public key is a witness's already");
    PolicyMember witness;
    witness.witness = PolicyKey{std::move(key), UrlOf(items, 3)};
    return Define(items[1], std::move(witness));
  }

  Status TakeGroup(const Items& items) {
    if (items.size() < 4) return Wrong("a group is written: group <name> all|any|<k> <member>...");
    if (policy_.members.size() - witness_keys_.size() == kMaxPolicyEach) return TooMany("groups");
    PolicyMember group;
    for (std::size_t i = 3; i < items.size(); ++i) {
      FT_ASSIGN_OR_RETURN(const std::size_t member, Find(items[i]));
      if (!in_a_group_.insert(member).second)
        return Wrong(absl::StrCat(Quoted(items[i]), " is a member of a group already"));
      group.members.push_back(member);
    }
    FT_ASSIGN_OR_RETURN(group.threshold, ThresholdOf(items[2], group.members.size()));
    return Define(items[1], std::move(group));
  }

  Status TakeQuorum(const Items& items) {
    if (items.size() != 2) return Wrong("the quorum is written: quorum <name>|none");
    if (has_quorum_) return Wrong("there is a quorum already");
    has_quorum_ = true;
    if (items[1] == kNone) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(policy_.quorum, Find(items[1]));
    return absl::OkStatus();
  }

  Status Define(std::string_view name, PolicyMember member) {
    if (name == kNone) return Wrong("\"none\" names no witness and no group");
    if (!places_.emplace(name, policy_.members.size()).second)
      return Wrong(absl::StrCat("there is a witness or group ", Quoted(name), " already"));
    member.name = name;
    policy_.members.push_back(std::move(member));
    return absl::OkStatus();
  }

  StatusOr<std::size_t> Find(std::string_view name) const {
    const auto found = places_.find(name);
    if (found != places_.end()) return found->second;
    return Wrong(absl::StrCat("no line above names a witness or group ", Quoted(name)));
  }

  static StatusOr<std::size_t> ThresholdOf(std::string_view text, std::size_t members) {
    if (text == "any") return std::size_t{1};
    if (text == "all") return members;
    std::uint32_t threshold = 0;
    // Written again and compared: no sign, no leading zeros.
    if (!absl::SimpleAtoi(std::string(text), &threshold) || absl::StrCat(threshold) != text ||
        threshold < 1 || threshold > members) {
      return Wrong(absl::StrCat("how many of the group's ", members, " members must hold? ", Quoted(text),
                                " is not all, any, or a number from 1 to ", members));
    }
    return std::size_t{threshold};
  }

  static std::string UrlOf(const Items& items, std::size_t at) {
    return items.size() > at ? std::string(items[at]) : std::string();
  }
  static Status TooMany(const char* what) {
    return Wrong(absl::StrCat("there are more than ", kMaxPolicyEach, " ", what));
  }

  Policy policy_;
  bool has_quorum_ = false;
  std::map<std::string, std::size_t, std::less<>> places_;  // of the names in policy_.members
  std::set<crypto::PublicKey> log_keys_, witness_keys_;
  std::set<std::size_t> in_a_group_;
};

bool IsAllowed(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

StatusOr<Policy> ParsePolicy(std::string_view text) {
  if (text.size() > kMaxPolicyBytes)
    return Wrong(absl::StrCat("the policy has more than ", kMaxPolicyBytes, " bytes"));
  Parser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string where = absl::StrCat("line ", number);
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos)
      return Wrong(absl::StrCat(where, ": does not end with a line feed: was the file cut off?"));
    const std::string_view line = text.substr(0, end);
    if (!std::all_of(line.begin(), line.end(), IsAllowed))
      return Wrong(absl::StrCat(where, ": has a control character; only tabs may be there"));
    const Status taken = parser.Take(line);
    if (!taken.ok()) return Annotate(taken, where);
    text.remove_prefix(end + 1);
  }
  return std::move(parser).Finish();
}

}  // namespace fundtrail::tree
