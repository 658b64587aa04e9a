// Registers, keys and lists, and the texts of all answers: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/checks/untrue.h"
#include "tests/support/hostile_values.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("registers: what cannot be true is told") {
  v1::RegistersRequest asked;
  asked.set_register_("party");
  asked.set_tree(true);
  v1::RegistersAnswer tree;
  for (const char* id : {"root", "county"}) {
    v1::RegisterLine* line = tree.add_lines();
    line->mutable_action()->mutable_register_party()->set_id(id);
    line->set_depth(static_cast<std::uint32_t>(tree.lines_size()) - 1);
  }
  CanBeTrue(tree, asked);
  Untrue("it is as of another record than was asked for", tree, AsOf(asked, 2));
  Untrue("a line is of another register than was asked about", tree,
         With(asked, [](auto* r) { r->set_register_("fund"); }));
  Untrue("county is 5 levels down, and the one before it 0",
         With(tree, [](auto* a) { a->mutable_lines(1)->set_depth(5); }), asked);
  Untrue(
      "what was said about county",
      With(
          tree,
          [](auto* a) {
            a->mutable_lines(1)->add_attestations()->mutable_action()->mutable_report_progress()->set_project(
                "x");
          }),
      asked);
}

TEST_CASE("lists: what cannot be true is told") {
  v1::ListRequest asked;
  asked.set_facets(1);
  v1::ListAnswer list;
  list.add_transfers();
  list.mutable_facets()->set_fit(2);
  list.mutable_facets()->set_looked(3);
  v1::Facet* kinds = list.mutable_facets()->add_facets();
  kinds->set_of(v1::Facet::OF_KIND);
  kinds->add_values()->set_transfers(2);
  CanBeTrue(list, asked);
  const auto adds_up = [](v1::ListFacets* facets, std::uint64_t transfers, std::int64_t amount) {
    v1::LogSum* const paid = facets->mutable_facets(0)->mutable_values(0)->add_sums()->mutable_paid();
    paid->set_transfers(transfers);
    paid->set_amount(amount);
  };
  CanBeTrue(With(list, [&](auto* a) { adds_up(a->mutable_facets(), 2, 700); }), asked);
  Untrue("more are shown than there are in all", With(list, [](auto* a) { a->set_in_all(0); }), asked);
  const std::pair<std::function<void(v1::ListFacets*)>, const char*> kLies[] = {
      {[](auto* f) { f->set_looked(1); }, "more transfers fit than were looked at"},
      {[](auto* f) { *f->add_facets() = f->facets(0); }, "what is counted does not stand in its order"},
      {[](auto* f) { f->mutable_facets(0)->add_values()->set_value("x"); },
       "more values are counted than were asked for"},
      {[](auto* f) { f->mutable_facets(0)->mutable_values(0)->set_transfers(3); },
       "a value has more transfers than fit, or none"},
      {[](auto* f) { f->mutable_facets(0)->mutable_values(0)->set_transfers(1); },
       "the kinds, the years or the assets are not those of the transfers that fit"},
      {[&](auto* f) { adds_up(f, 1, 700); }, "the sums of a value are of other transfers"},
      {[&](auto* f) { adds_up(f, 2, 0); }, "a sum cannot be of so many transfers"},
      {[&](auto* f) {
         adds_up(f, 1, 700);
         adds_up(f, 1, 700);
       },
       "the sums do not stand in their order"},
  };
  for (const auto& [change, words] : kLies)
    Untrue(words, With(list, [&change = change](auto* a) { change(a->mutable_facets()); }), asked);
}

TEST_CASE("keys: what cannot be true is told") {
  const auto answer = [&](const std::function<void(v1::KeyAnswer*)>& change) {
    v1::KeyAnswer made;
    made.set_as_of_record(5);
    made.set_root_threshold(1);
    for (const char* party : {"county", "root"}) {
      auto* line = made.add_keys();
      line->set_public_key(std::string(32, 'k'));
      line->set_party(party);
      line->set_record(5);
    }
    made.mutable_keys(0)->add_permissions(v1::PERMISSION_PAY);
    made.mutable_keys(1)->set_root(true);
    change(&made);
    return made;
  };
  v1::KeysRequest asked;
  asked.set_as_of(5);
  const auto honest = answer([](v1::KeyAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, v1::KeysRequest());
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 4));
  Untrue("for root, it was not asked for", honest, With(asked, [](auto* r) { r->set_party("county"); }));
  Untrue("it has more keys than were asked for", honest, With(asked, [](auto* r) { r->set_limit(1); }));
  const std::pair<std::function<void(v1::KeyAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_keys(0)->set_public_key("k"); }, "a line is of no key"},
      {[](auto* a) { a->mutable_keys(0)->set_record(6); }, "for county, it was given later"},
      {[](auto* a) { a->mutable_keys(1)->add_permissions(v1::PERMISSION_PAY); },
       "for root, a root key has permissions of its own"},
      {[](auto* a) { a->mutable_keys(1)->set_party("county"); }, "for county, it is out of order"},
      {[](auto* a) { a->mutable_keys(1)->set_public_key(std::string(32, 'a')); },
       "for root, it is out of order"}};
  for (const auto& [change, words] : kLies) Untrue(words, answer(change), asked);
  Untrue("for county, it was not asked for", honest,
         With(asked, [](auto* r) { r->set_public_key(std::string(32, 'x')); }));
}

TEST_CASE("a text with control characters is in no answer that can be true") {
  for (const std::string& text : {kControls, std::string("two\nlines"), std::string("\xc2\x9b")}) {
    v1::BalanceAnswer answer;
    answer.mutable_as_of()->set_ledger(text);
    const Status bad = cli::CheckTexts(answer);
    CHECK(absl::IsDataLoss(bad));
    CHECK_THAT(
        std::string(bad.message()),
        Contains(
            "its field fundtrail.v1.CheckpointRef.ledger has control characters, which no ledger takes"));
  }
  // Other texts may be odd, and are escaped where they are printed. A signed note has line feeds.
  v1::CheckpointAnswer answer;
  answer.mutable_as_of()->set_ledger(kReordering);
  answer.mutable_as_of()->set_note("a\nb\n");
  const Status good = cli::CheckTexts(answer);
  INFO(good);
  CHECK(good.ok());
}

}  // namespace
}  // namespace fundtrail::testing
