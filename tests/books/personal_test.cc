// What binds the fields of a natural person, and who may say that the values are erased.
#include "ledger/books/personal.h"

#include <catch2/catch.hpp>

#include "ledger/model/personal.h"
#include "tests/support/personal.h"
#include "tests/support/projects.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

const std::string kParty = "actions[0].register_party", kForget = "actions[0].forget_personal";

TEST_CASE("a commitment is the hash of the domain, the salt, the field, a zero byte and the value") {
  // By hand: printf 'fundtrail personal v1\n%sname\0Li Si' with 32 times "s" as salt, through sha256sum.
  const Bytes salt(32, 's');
  CHECK(model::PersonalCommitment(salt, "name", "Li Si").hex() == kNameHash);
  CHECK(model::PersonalCommitment(salt, "name", "Li S").hex() != kNameHash);
  CHECK(model::PersonalCommitment(Bytes(32, 't'), "name", "Li Si").hex() != kNameHash);
  // The zero byte keeps field and value apart.
  CHECK(model::PersonalCommitment(salt, "ab", "c") != model::PersonalCommitment(salt, "a", "bc"));
}

TEST_CASE("a party's commitments are hashes in lower case, one for each field") {
  struct Case {
    const char* story;
    std::vector<std::pair<std::string, std::string>> commitments;
    std::string verdict;
  };
  const std::string hash(64, 'a');
  const std::string at = "FIELD_INVALID at " + kParty + ".commitments";
  for (const Case& one : std::vector<Case>{
           {"two fields", {{"name", hash}, {"phone", hash}}, "OK"},
           {"one field twice", {{"name", hash}, {"name", std::string(64, 'b')}}, at + "[1].field"},
           {"upper case", {{"name", std::string(64, 'A')}}, at + "[0].hash"},
           {"too short", {{"name", std::string(63, 'a')}}, at + "[0].hash"},
           {"no hex", {{"name", std::string(64, 'g')}}, at + "[0].hash"},
           {"no field", {{"", hash}}, at + "[0].field"}}) {
    INFO(one.story);
    World w;
    const std::string verdict = Verdict(w.Do({Household("hh-1", "county", one.commitments)}).status());
    CHECK(verdict == one.verdict);
  }
}

// hh-1 below county below ministry: its phone was bound in record 2, and its name from record 3 on.
class Persons : public World {
 public:
  Persons() {
    Need(Do({Household("hh-1", "county", {{"phone", kPhone}})}).status());
    v1::Action amended = Household("hh-1", "county", {{"name", kName}});
    amended.mutable_amends()->set_record(2);
    Need(Do({amended}).status());
  }
  const std::string kPhone = std::string(64, '1'), kName = std::string(64, '2');
};

TEST_CASE("a body above says that values of any version are erased, and nobody else") {
  struct Case {
    const char* story;
    std::string by;
    std::vector<std::string> hashes;
    std::string verdict;
  };
  const std::string phone(64, '1'), name(64, '2'), other(64, '3');
  for (const Case& one : std::vector<Case>{
           {"the body above, of the present version", "county", {name}, "OK"},
           {"the body above, of an earlier version", "county", {phone}, "OK"},
           {"both, by a body further above", "ministry", {phone, name}, "OK"},
           {"by the root", "root", {phone}, "OK"},
           {"the party itself", "hh-1", {name}, "NOT_RESPONSIBLE at " + kForget + ".by"},
           {"a body beside", "charity", {name}, "NOT_RESPONSIBLE at " + kForget + ".by"},
           {"a body below the same", "village", {name}, "NOT_RESPONSIBLE at " + kForget + ".by"},
           {"a hash that is not one of the party's",
            "county",
            {name, other},
            "FIELD_INVALID at " + kForget + ".hashes[1]"},
           {"no hash", "county", {}, "FIELD_INVALID at " + kForget + ".hashes"}}) {
    INFO(one.story);
    Persons w;
    const Rows before = AllRows(w.state());
    const Status status = w.Do({Forget("hh-1", one.by, one.hashes)}).status();
    CHECK(Verdict(status) == one.verdict);
    if (!status.ok()) CHECK(AllRows(w.state()) == before);
  }
}

TEST_CASE("of the root party nobody forgets, and of an ended party neither") {
  Persons w;
  CHECK(Verdict(w.Do({Forget("root", "root", {w.kName})}).status()) ==
        "NOT_RESPONSIBLE at " + kForget + ".by");
  Need(w.Do({End("party", "hh-1", 3)}).status());
  CHECK(Verdict(w.Do({Forget("hh-1", "county", {w.kName})}).status()) ==
        "REFERENCE_ENDED at " + kForget + ".party");
}

TEST_CASE("it takes DECLARE or ADMINISTER of the body that says it") {
  Persons w;
  Need(w.Do({Authorise(7, "county", {v1::PERMISSION_DECLARE}), Authorise(8, "county", {v1::PERMISSION_PAY})})
           .status());
  CHECK(Verdict(w.Do({Forget("hh-1", "county", {w.kName})}, {8}, "county").status()) ==
        "KEY_NOT_AUTHORISED at " + kForget + ".by");
  CHECK(w.Do({Forget("hh-1", "county", {w.kName})}, {7}, "county").ok());
}

}  // namespace
}  // namespace fundtrail::testing
