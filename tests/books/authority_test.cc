// Which key may do what, for whom, and until when.
#include <catch2/catch.hpp>

#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

const std::string kNot = "KEY_NOT_AUTHORISED at ";

std::string Try(Books& books, const v1::Action& action, std::initializer_list<int> signers,
                const std::string& author) {
  return Verdict(books.Do({action}, signers, author).status());
}

TEST_CASE("a grant holds for its party alone, unless it says that it holds for those below") {
  World w;
  Need(w.Do({Authorise(3, "ministry", {v1::PERMISSION_PAY}),
             Authorise(4, "ministry", {v1::PERMISSION_PAY}, true), Pay("donor", "ministry", 9),
             Pay("donor", "county", 9), Pay("donor", "charity", 9)})
           .status());
  CHECK(Try(w, Pay("ministry", "charity", 1), {3}, "ministry") == "OK");
  CHECK(Try(w, Pay("county", "charity", 1), {3}, "ministry") == kNot + "actions[0].transfer.from");
  CHECK(Try(w, Pay("ministry", "charity", 1), {4}, "ministry") == "OK");
  CHECK(Try(w, Pay("county", "charity", 1), {4}, "ministry") == "OK");
  CHECK(Try(w, Pay("county", "charity", 1), {4}, "county") == "OK");
  CHECK(Try(w, Pay("county", "charity", 1), {3}, "county") == kNot + "author");
  CHECK(Try(w, Pay("charity", "county", 1), {4}, "ministry") ==
        kNot + "actions[0].transfer.from");  // not below
}

TEST_CASE("a grant holds for parties that are registered below later") {
  World w;
  Need(w.Do({Authorise(4, "county", {v1::PERMISSION_PAY}, true)}).status());
  Need(w.Do({Party("team", "county"), Pay("donor", "team", 9)}).status());
  CHECK(Try(w, Pay("team", "village", 1), {4}, "team") == "OK");
}

TEST_CASE("each permission opens its own door") {
  World w;
  Need(
      w.Do({Authorise(3, "county", {v1::PERMISSION_PAY}), Authorise(4, "county", {v1::PERMISSION_ADMINISTER}),
            Authorise(5, "county", {v1::PERMISSION_DECLARE}), Pay("donor", "county", 50)})
          .status());
  CHECK(Try(w, Pay("county", "village", 1), {3}, "county") == "OK");
  CHECK(Try(w, Pay("county", "village", 1), {4}, "county") == kNot + "actions[0].transfer.from");
  CHECK(Try(w, Pay("county", "village", 1), {5}, "county") == kNot + "actions[0].transfer.from");
  CHECK(Try(w, Pay("county", "village", 1), {4, 3}, "county") == "OK");  // one of the signers is enough
  CHECK(Try(w, Party("team", "county"), {4}, "county") == "OK");
  CHECK(Try(w, Party("team2", "county"), {3}, "county") == kNot + "actions[0].register_party.parent");
  CHECK(Try(w, Fund("tents", "county"), {4}, "county") == "OK");
  CHECK(Try(w, Fund("tents2", "county"), {3}, "county") == kNot + "actions[0].open_fund.owner");
  CHECK(Try(w, Authorise(6, "county", {v1::PERMISSION_PAY}), {4}, "county") == "OK");
  CHECK(Try(w, Authorise(7, "county", {v1::PERMISSION_PAY}), {3}, "county") ==
        kNot + "actions[0].authorise_key.party");
  CHECK(Try(w, Revoke(6, "county"), {3}, "county") == kNot + "actions[0].revoke_key.party");
  CHECK(Try(w, Revoke(6, "county"), {4}, "county") == "OK");
  CHECK(Try(w, Asset("EUR"), {4}, "county") == kNot + "actions[0].declare_asset");  // assets are the root's
}

TEST_CASE("what administers a party cannot give itself more above it") {
  World w;
  Need(w.Do({Authorise(4, "county", {v1::PERMISSION_ADMINISTER}, true)}).status());
  CHECK(Try(w, Authorise(4, "ministry", {v1::PERMISSION_PAY}), {4}, "county") ==
        kNot + "actions[0].authorise_key.party");
  CHECK(Try(w, Party("team", "ministry"), {4}, "county") == kNot + "actions[0].register_party.parent");
  CHECK(Try(w, Authorise(4, "village", {v1::PERMISSION_PAY}), {4}, "county") == "OK");
}

TEST_CASE("a revoked key is of no use from that action on, and can be authorised anew") {
  World w;
  Need(w.Do({Authorise(3, "county", {v1::PERMISSION_PAY}), Pay("donor", "county", 50)}).status());
  CHECK(Try(w, Pay("county", "village", 1), {3}, "county") == "OK");
  // Within one entry too: what was allowed a moment ago is asked again.
  const auto both =
      w.Do({Pay("county", "village", 1), Revoke(3, "county"), Pay("county", "village", 1)}, {3, 4}, "county");
  CHECK(Verdict(both.status()) == kNot + "actions[1].revoke_key.party");
  Need(w.Do({Authorise(4, "county", {v1::PERMISSION_ADMINISTER})}).status());
  const auto after =
      w.Do({Pay("county", "village", 1), Revoke(3, "county"), Pay("county", "village", 1)}, {3, 4}, "county");
  CHECK(Verdict(after.status()) == kNot + "actions[2].transfer.from");
  CHECK(Try(w, Pay("county", "village", 1), {3}, "county") == "OK");  // that entry was refused as a whole
  Need(w.Do({Revoke(3, "county")}, {4}, "county").status());
  CHECK(Try(w, Pay("county", "village", 1), {3}, "county") == kNot + "author");
  Need(w.Do({Authorise(3, "county", {v1::PERMISSION_PAY})}, {4}, "county").status());
  CHECK(Try(w, Pay("county", "village", 1), {3}, "county") == "OK");
}

TEST_CASE("revoking a key for one party leaves what it may do for another") {
  World w;
  Need(w.Do({Authorise(3, "county", {v1::PERMISSION_PAY}), Authorise(3, "charity", {v1::PERMISSION_PAY}),
             Pay("donor", "charity", 5)})
           .status());
  Need(w.Do({Revoke(3, "county")}).status());
  CHECK(Try(w, Pay("charity", "village", 1), {3}, "charity") == "OK");
}

TEST_CASE("no key is authorised for a party that has ended, and those that it has can be taken back") {
  World w;
  Need(w.Do({Authorise(3, "county", {v1::PERMISSION_PAY}),
             Authorise(4, "county", {v1::PERMISSION_ADMINISTER}), Pay("donor", "county", 9)})
           .status());
  Need(w.Do({End("party", "county", 1)}).status());
  const std::string ended = "REFERENCE_ENDED at actions[0].authorise_key.party";
  CHECK(Try(w, Authorise(5, "county", {v1::PERMISSION_PAY}), {1}, "root") == ended);
  CHECK(Try(w, Authorise(5, "county", {v1::PERMISSION_PAY}), {4}, "county") == ended);
  CHECK(Try(w, Authorise(5, "county", {v1::PERMISSION_PAY}), {3}, "county") == ended);  // before who may
  CHECK(Try(w, Authorise(5, "village", {v1::PERMISSION_PAY}), {1}, "root") == "OK");    // it goes on below
  CHECK(Try(w, Pay("county", "village", 1), {3}, "county") == "OK");  // what is there may be paid on
  CHECK(Try(w, Revoke(3, "county"), {4}, "county") == "OK");
  CHECK(Try(w, Pay("county", "village", 1), {3}, "county") == kNot + "author");
}

TEST_CASE("m of n root keys do what the root may, fewer do nothing") {
  Books b;
  CHECK(Try(b, Genesis({1, 2, 3}, 2), {1}, "root") == "QUORUM_MISSING at signatures");
  CHECK(Try(b, Genesis({1, 2, 3}, 2), {3, 1}, "root") == "OK");
  CHECK(Try(b, Asset("CNY"), {1}, "root") == "QUORUM_MISSING at author");
  CHECK(Try(b, Asset("CNY"), {1, 9}, "root") == "QUORUM_MISSING at author");
  CHECK(Try(b, Asset("CNY"), {2, 3}, "root") == "OK");
  CHECK(Try(b, Asset("USD"), {1, 2, 3}, "root") == "OK");
  // A root key alone is no grant for the parties below either.
  Need(b.Do({Party("county", "root"), Authorise(4, "county", {v1::PERMISSION_ADMINISTER})}, {1, 2}).status());
  CHECK(Try(b, Party("team", "county"), {3}, "county") == "QUORUM_MISSING at author");
  CHECK(Try(b, Party("team", "county"), {4}, "county") == "OK");
  // But one beside a key that may do no harm.
  CHECK(Try(b, Party("team2", "county"), {3, 4}, "county") == "OK");
}

TEST_CASE("root keys can be revoked down to the threshold and no further") {
  Books b;
  Need(b.Do({Genesis({1, 2, 3}, 2)}, {1, 2}).status());
  CHECK(Try(b, Revoke(3, "root"), {1, 3}, "root") == "OK");
  CHECK(Try(b, Asset("CNY"), {1, 3}, "root") == "QUORUM_MISSING at author");
  CHECK(Try(b, Revoke(2, "root"), {1, 2}, "root") == "ROOT_QUORUM_LOST at actions[0].revoke_key.public_key");
  CHECK(Try(b, Asset("CNY"), {1, 2}, "root") == "OK");
}

TEST_CASE("genesis makes the root party and its keys, and its further actions may use them") {
  Books b;
  Need(b.Do({Genesis({1}, 1), Asset("CNY"), Party("county", "root")}).status());
  const auto root = *Need(books::GetParty(b.state(), "root"));
  CHECK((root.role() == v1::ROLE_HOLDER && root.parent().empty()));
  CHECK(Need(books::GetGenesis(b.state()))->ledger() == kLedgerName);
  CHECK(Need(books::GetParty(b.state(), "county")).has_value());
}

}  // namespace
}  // namespace fundtrail::testing
