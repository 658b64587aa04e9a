// Policies: every rule of the file's form, and what a quorum makes of a checkpoint. It fails closed.
#include "ledger/tree/policy.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_replace.h"
#include "tests/tree/node_store.h"

namespace fundtrail::tree {
namespace {

crypto::SigningKey Key(const std::string& name) {
  REQUIRE(crypto::Init().ok());
  std::string seed(32, 's');
  name.copy(seed.data(), seed.size());
  return crypto::SigningKey::FromSeed(seed).value();
}

std::string Vkey(const std::string& name, KeyType type) {
  return FormatVkey(MakeVerifier(name, type, Key(name).public_key()).value());
}
std::string LogKey(const std::string& name) { return Vkey(name, KeyType::kEd25519); }
std::string WitnessKey(const std::string& name) { return Vkey(name, KeyType::kCosignature); }

// "witness W <vkey>" for each letter.
std::string Witnesses(const std::string& letters) {
  std::string text;
  for (const char letter : letters)
    text += std::string("witness ") + letter + " " + WitnessKey(std::string(1, letter) + ".example") + "\n";
  return text;
}

const Checkpoint kCheckpoint{"log.example", 7, LeafHash("root"), {"extension"}};

// The checkpoint signed by these logs and cosigned by these witnesses.
std::string Checkpointed(const std::vector<std::string>& logs, const std::string& letters) {
  Note note{FormatCheckpoint(kCheckpoint), {}};
  for (const auto& log : logs) note.signatures.push_back(SignNoteText(note.text, log, Key(log)).value());
  for (const char letter : letters) {
    const std::string name = std::string(1, letter) + ".example";
    note.signatures.push_back(CosignNoteText(note.text, name, Key(name), 1'700'000'000).value());
  }
  return FormatNote(note);
}

std::string Problem(const std::string& policy) {
  const auto parsed = ParsePolicy(policy);
  return parsed.ok() ? "" : std::string(parsed.status().message());
}

TEST_CASE("policies.json: with keys of the right type, what upstream takes is taken, but for its laxities") {
  const auto file = ReadJson("policy/policies.json");
  REQUIRE(file["accepts"].size() == 5);
  for (const auto& test : file["accepts"]) {
    INFO(test["desc"]);
    std::string text = test["policy"];
    CHECK_FALSE(Problem(text).empty());  // keys of type 01
    // A key of its own for each witness line.
    int witness = 0;
    for (std::size_t at = text.find("https://"); at != std::string::npos;
         at = text.find("https://", at + 8)) {
      const std::size_t end = text.find_last_not_of(" \t", at - 1) + 1;
      const std::size_t begin = text.find_last_of(" \t", end - 1) + 1;
      const std::string vkey = WitnessKey("w" + std::to_string(++witness) + ".example");
      text.replace(begin, end - begin, vkey);
      at = begin + vkey.size() + 1;
    }
    REQUIRE(witness >= 2);
    if (text.find("#comment\n") != std::string::npos) {
      CHECK(Problem(text).find("line 4: a witness is written") == 0);
      text = absl::StrReplaceAll(text, {{"/    #comment\n", "/\n"}});
    }
    CHECK(Problem(text).empty());
  }
  REQUIRE(file["rejects"].size() == 6);
  for (const auto& test : file["rejects"]) {
    INFO(test["desc"]);
    CHECK_FALSE(ParsePolicy(test["policy"].get<std::string>()).ok());
    CHECK_FALSE(ParsePolicy(test["policy"].get<std::string>() + "\n").ok());
  }
}

TEST_CASE("a whole policy is read: logs, witnesses, groups, addresses, comments, blanks") {
  const auto policy =
      ParsePolicy("# ours\n\n \t# indented\nlog " + LogKey("log.example") + " https://log.example/\n" +
                  "\twitness  A\t" + WitnessKey("A.example") + "\thttps://a.example/w \n" + Witnesses("BC") +
                  "group g 2 A B\ngroup \xff\xfe any g C\nquorum \xff\xfe\n")
          .value();
  REQUIRE(policy.logs.size() == 1);
  CHECK(FormatVkey(policy.logs[0].key) == LogKey("log.example"));
  CHECK(policy.logs[0].url == "https://log.example/");
  REQUIRE(policy.members.size() == 5);
  CHECK(policy.members[0].name == "A");
  CHECK(FormatVkey(policy.members[0].witness->key) == WitnessKey("A.example"));
  CHECK(policy.members[0].witness->url == "https://a.example/w");
  CHECK(policy.members[1].witness->url.empty());
  CHECK(policy.members[3] == PolicyMember{"g", std::nullopt, 2, {0, 1}});
  CHECK(policy.members[4] == PolicyMember{"\xff\xfe", std::nullopt, 1, {3, 2}});
  CHECK(policy.quorum == 4);
  CHECK(ParsePolicy("quorum none\n").value() == Policy{});
}

TEST_CASE("what the standard does not allow is refused, with the line") {
  const std::string log = "log " + LogKey("log.example") + "\n";
  const std::string none = "quorum none\n";
  const std::string same_key =
      FormatVkey(MakeVerifier("other.example", KeyType::kCosignature, Key("A.example").public_key()).value());
  const std::string same_log =
      FormatVkey(MakeVerifier("other.example", KeyType::kEd25519, Key("log.example").public_key()).value());
  const struct {
    std::string text, says;
  } kCases[] = {
      {"", "the policy has no line \"quorum\""},
      {log, "the policy has no line \"quorum\""},
      {none + none, "line 2: there is a quorum already"},
      {"quorum none", "line 1: does not end with a line feed"},
      {none + "#", "line 2: does not end with a line feed"},
      {"quorum none\r\n", "line 1: has a control character"},
      {std::string("quorum none\n#\0\n", 15), "line 2: has a control character"},
      {"#\x7f\n" + none, "line 1: has a control character"},
      {"quorum\n", "line 1: the quorum is written"},
      {"quorum none none\n", "line 1: the quorum is written"},
      {"quorum none #\n", "line 1: the quorum is written"},
      {"quorum A\n" + Witnesses("A"), "line 1: no line above names a witness or group \"A\""},
      {"Quorum none\n", "line 1: \"Quorum\" does not begin a line of a policy"},
      {"log\n" + none, "line 1: a log is written"},
      {"log " + LogKey("l") + " u x\n" + none, "line 1: a log is written"},
      {"log nonsense\n" + none, "line 1: a verification key has three parts"},
      {"log " + WitnessKey("l") + "\n" + none, "line 1: a log's key is of type 01"},
      {log + log + none, "line 2: this public key is a log's already"},
      {log + "log " + same_log + "\n" + none, "line 2: this public key is a log's already"},
      {"witness A\n" + none, "line 1: a witness is written"},
      {"witness A " + WitnessKey("A") + " u x\n" + none, "line 1: a witness is written"},
      {"witness A " + LogKey("A") + "\n" + none, "line 1: a witness's key is of type 04"},
      {"witness none " + WitnessKey("A") + "\n" + none, "line 1: \"none\" names no witness"},
      {Witnesses("A") + "witness B " + same_key + "\n" + none,
       "line 2: this public key is a witness's already"},
      {Witnesses("A") + "witness A " + WitnessKey("B.example") + "\n" + none,
       "line 2: there is a witness or group \"A\" already"},
      {Witnesses("A") + "group A any A\n" + none, "line 2: there is a witness or group \"A\" already"},
      {Witnesses("A") + "group none any A\n" + none, "line 2: \"none\" names no witness"},
      {Witnesses("A") + "group g any\n" + none, "line 2: a group is written"},
      {Witnesses("A") + "group g any none\n" + none,
       "line 2: no line above names a witness or group \"none\""},
      {Witnesses("A") + "group g any g\n" + none, "line 2: no line above names a witness or group \"g\""},
      {Witnesses("A") + "group g any a\n" + none, "line 2: no line above names a witness or group \"a\""},
      {"group g any A\n" + Witnesses("A") + none, "line 1: no line above"},
      {Witnesses("A") + "group g all A A\n" + none, "line 2: \"A\" is a member of a group already"},
      {Witnesses("AB") + "group g all A\ngroup h all B A\n" + none, "line 4: \"A\" is a member of a group"},
      {Witnesses("A") + "group g 0 A\n" + none, "line 2: how many of the group's 1 members must hold?"},
      {Witnesses("A") + "group g 2 A\n" + none, "line 2: how many"},
      {Witnesses("A") + "group g 01 A\n" + none, "line 2: how many"},
      {Witnesses("A") + "group g +1 A\n" + none, "line 2: how many"},
      {Witnesses("A") + "group g -1 A\n" + none, "line 2: how many"},
      {Witnesses("A") + "group g 4294967297 A\n" + none, "line 2: how many"},
      {Witnesses("A") + "group g ALL A\n" + none, "line 2: how many"},
      // The standard's third type of cosignature; its vkey's ID is SHA-256(name || 0A || 06 || key)[:4].
      {"witness A a+00000000+" + Base64Encode("\x06" + std::string(1312, 'k')) + "\n" + none,
       "line 1: the verification key is of a type not known here"},
  };
  for (const auto& one : kCases) {
    INFO(one.text);
    CHECK(Problem(one.text).substr(0, one.says.size()) == one.says);
  }
  CHECK(Problem("log " + LogKey("log.example") + " #no-comment-but-an-address\n" + none).empty());
}

TEST_CASE("the bounds: 256 logs, witnesses and groups, 1 MB, and no more") {
  std::string text, last = "W";
  for (std::size_t i = 0; i < kMaxPolicyEach; ++i) {
    const std::string n = std::to_string(i);
    text += "log " + LogKey(n + ".log") + "\nwitness w" + n + " " + WitnessKey(n + ".witness") + "\n";
    text += "group g" + n + " any w" + n + "\n";
  }
  CHECK(Problem(text + "quorum g255\n").empty());
  CHECK(Problem(text + "log " + LogKey("more") + "\n") == "line 769: there are more than 256 logs");
  CHECK(Problem(text + "witness more " + WitnessKey("more") + "\n") ==
        "line 769: there are more than 256 witnesses");
  CHECK(Problem(text + "group more any g1\n") == "line 769: there are more than 256 groups");
  const std::string none = "quorum none\n";
  CHECK(Problem(none + "#" + std::string(kMaxPolicyBytes - none.size() - 2, 'x') + "\n").empty());
  CHECK(Problem(none + "#" + std::string(kMaxPolicyBytes - none.size() - 1, 'x') + "\n") ==
        "the policy has more than 1048576 bytes");
}

TEST_CASE("a checkpoint needs its log's signature and the quorum's cosignatures") {
  const std::string log = "log " + LogKey("log.example") + "\n";
  const auto opens = [](const std::string& policy, const std::string& note) {
    return OpenUnderPolicy(ParsePolicy(policy).value(), note).status();
  };
  const std::string two_of_three = log + Witnesses("ABC") + "group g 2 A B C\nquorum g\n";
  CHECK(opens(two_of_three, Checkpointed({"log.example"}, "AB")).ok());
  CHECK(opens(two_of_three, Checkpointed({"log.example"}, "CA")).ok());
  CHECK(opens(two_of_three, Checkpointed({"log.example"}, "ABC")).ok());
  const Status one = opens(two_of_three, Checkpointed({"log.example"}, "B"));
  CHECK(one.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(one.message() ==
        "the checkpoint is not cosigned by the policy's quorum \"g\": there is no cosignature by A, C");
  const std::string bystanders =
      log + Witnesses("ABCDE") + "group g 2 A B C\ngroup h any D\nquorum g\n";  // D and E are not asked
  CHECK(opens(bystanders, Checkpointed({"log.example"}, "BDE")).message() == one.message());
  CHECK(opens(two_of_three, Checkpointed({"log.example"}, "BB")).code() ==
        absl::StatusCode::kFailedPrecondition);
  CHECK(opens(two_of_three, Checkpointed({"log.example"}, "BXYZ")).code() ==
        absl::StatusCode::kFailedPrecondition);
  CHECK(opens(two_of_three, Checkpointed({"log.example"}, "")).code() ==
        absl::StatusCode::kFailedPrecondition);
  CHECK(opens(two_of_three, Checkpointed({}, "ABC")).code() == absl::StatusCode::kInvalidArgument);
  CHECK(opens(two_of_three, Checkpointed({"other.example"}, "ABC")).code() ==
        absl::StatusCode::kInvalidArgument);

  // The standard's own example: two of X and one of Y.
  const std::string nested =
      log + Witnesses("ABCDEF") + "group X 2 A B C\ngroup Y any D E F\ngroup both all X Y\nquorum both\n";
  CHECK(opens(nested, Checkpointed({"log.example"}, "ABD")).ok());
  CHECK(opens(nested, Checkpointed({"log.example"}, "FCB")).ok());
  for (const char* few : {"AB", "ABC", "AD", "DEF", "ADEF", "D"})
    CHECK(opens(nested, Checkpointed({"log.example"}, few)).code() == absl::StatusCode::kFailedPrecondition);

  CHECK(opens(log + Witnesses("AB") + "quorum B\n", Checkpointed({"log.example"}, "B")).ok());
  CHECK_FALSE(opens(log + Witnesses("AB") + "quorum B\n", Checkpointed({"log.example"}, "A")).ok());
  CHECK(opens(log + Witnesses("AB") + "quorum none\n", Checkpointed({"log.example"}, "")).ok());
  CHECK_FALSE(opens(log + "quorum none\n", "no note").ok());
  CHECK_FALSE(opens("quorum none\n", Checkpointed({"log.example"}, "")).ok());  // no log is no yes
}

TEST_CASE("what is accepted says who signed and who cosigned, when") {
  const auto policy = ParsePolicy("log " + LogKey("first.example") + "\nlog " + LogKey("log.example") + "\n" +
                                  Witnesses("ABC") + "quorum C\n")
                          .value();
  const auto accepted = OpenUnderPolicy(policy, Checkpointed({"log.example"}, "CA")).value();
  CHECK(accepted.checkpoint == kCheckpoint);
  CHECK(accepted.log == 1);
  CHECK(accepted.cosignatures == std::vector<Cosigned>{{2, 1'700'000'000}, {0, 1'700'000'000}});
}

TEST_CASE("a listed log's signature under another origin does not count, nor any bad signature") {
  const std::string lines = "log " + LogKey("other.example") + "\n" + Witnesses("AB") + "quorum A\n";
  const auto policy = ParsePolicy(lines).value();
  CHECK(OpenUnderPolicy(policy, Checkpointed({"other.example"}, "A")).status().message() ==
        "no log of the policy signed the checkpoint of log.example");
  const auto both = ParsePolicy("log " + LogKey("log.example") + "\n" + lines).value();
  CHECK(OpenUnderPolicy(both, Checkpointed({"log.example", "other.example"}, "A")).ok());
  // B is not needed, but known: its bad cosignature spoils the note.
  Note note = ParseNote(Checkpointed({"log.example"}, "AB")).value();
  note.signatures.back().bytes.back() ^= 1;
  CHECK_FALSE(OpenUnderPolicy(both, FormatNote(note)).ok());
  for (std::size_t i = 0; i < note.text.size(); ++i) {
    Note changed = ParseNote(Checkpointed({"log.example"}, "A")).value();
    changed.text[i] ^= 1;
    CHECK_FALSE(OpenUnderPolicy(both, FormatNote(changed)).ok());
  }
}

TEST_CASE("the empty tree has one root under a policy too") {
  const std::string text = FormatCheckpoint({"log.example", 0, LeafHash("x"), {}});
  const Note note{text, {SignNoteText(text, "log.example", Key("log.example")).value()}};
  const auto policy = ParsePolicy("log " + LogKey("log.example") + "\nquorum none\n").value();
  CHECK_FALSE(OpenUnderPolicy(policy, FormatNote(note)).ok());
}

TEST_CASE("a policy for one log: the one that is known when it lists none, and none that it does not list") {
  const auto log = ParseVkey(LogKey("log.example")).value();
  const auto without = ForLog(ParsePolicy(Witnesses("A") + "quorum A\n").value(), log).value();
  CHECK(without.logs == std::vector<PolicyKey>{{log, ""}});
  CHECK(OpenUnderPolicy(without, Checkpointed({"log.example"}, "A")).ok());
  CHECK_FALSE(OpenUnderPolicy(without, Checkpointed({"log.example"}, "")).ok());
  const std::string two =
      "log " + LogKey("other.example") + "\nlog " + LogKey("log.example") + " u\nquorum none\n";
  const auto chosen = ForLog(ParsePolicy(two).value(), log).value();
  CHECK(chosen.logs == std::vector<PolicyKey>{{log, "u"}});
  // The other one is known all the same: its word does not count, and a bad signature by it spoils the note.
  CHECK(OpenUnderPolicy(chosen, Checkpointed({"log.example", "other.example"}, "")).value().log == 0);
  CHECK_FALSE(OpenUnderPolicy(chosen, Checkpointed({"other.example"}, "")).ok());
  Note note = ParseNote(Checkpointed({"log.example", "other.example"}, "")).value();
  note.signatures.back().bytes.back() ^= 1;
  CHECK_FALSE(OpenUnderPolicy(chosen, FormatNote(note)).ok());
  const auto other = ParseVkey(LogKey("other.example")).value();
  CHECK(ForLogs(ParsePolicy(two).value(), {log, other}).value().logs.size() == 2);
  CHECK_FALSE(ForLogs(ParsePolicy(two).value(), {log, log}).ok());
  CHECK_FALSE(ForLog(ParsePolicy("log " + LogKey("other.example") + "\nquorum none\n").value(), log).ok());
}

}  // namespace
}  // namespace fundtrail::tree
