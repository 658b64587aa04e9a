// Balances, statements and traces: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

v1::BalanceAnswer Balance(const std::function<void(v1::BalanceLine*)>& change) {
  v1::BalanceAnswer made;
  v1::BalanceLine* line = made.add_lines();
  line->set_received(10);
  line->set_drawn(4);
  line->set_held(6);
  line->set_committed_held(6);
  change(line);
  return made;
}

TEST_CASE("balances: what cannot be true is told") {
  using Line = v1::BalanceLine;
  CanBeTrue(Balance([](Line*) {}));
  Untrue("what was received less what was paid is not what is held",
         Balance([](Line* line) { line->set_held(7); }));
  for (const auto& change : std::vector<std::function<void(Line*)>>{
           [](Line* line) { line->set_committed_received(11); },
           [](Line* line) { line->set_committed_drawn(5); }, [](Line* line) { line->set_committed_held(7); },
           [](Line* line) { line->set_committed_held(-1); }})
    Untrue("more is committed than there is", Balance(change));
  for (const auto& change : std::vector<std::function<void(Line*)>>{
           [](Line* line) { line->set_undone_received(5); }, [](Line* line) { line->set_undone_drawn(11); },
           [](Line* line) { line->set_undone_drawn(-1); }})
    Untrue("more is undone than went back", Balance(change));
  // The parts of what is held.
  const auto parts = [](std::int64_t frozen, std::int64_t frozen_kept, std::int64_t kept,
                        std::int64_t spendable) {
    return Balance([=](Line* line) {
      line->set_frozen(frozen);
      line->set_frozen_kept(frozen_kept);
      line->set_kept(kept);
      line->set_spendable(spendable);
    });
  };
  CanBeTrue(parts(6, 2, 0, 0));
  for (const auto& answer : {parts(6, 0, 0, 1), parts(0, 0, 1, 6), parts(0, 0, 0, 5)})
    Untrue("what is frozen, kept and spendable is not what is held", answer);
  for (const auto& answer : {parts(6, 7, 0, 0), parts(-1, 0, 1, 6), parts(8, 0, 0, -2),
                             Balance([](Line* line) { line->set_spendable(6); })})
    Untrue("a part of what is held is more than it, or less than nothing", answer);
  // What ends at a recipient or a source lies there once, and nobody holds it.
  CanBeTrue(Balance([](Line* line) { line->set_reached(6); }));
  for (const auto& change : std::vector<std::function<void(Line*)>>{
           [](Line* line) { line->set_reached(5); }, [](Line* line) { line->set_ends_here(7); },
           [](Line* line) { line->set_returned(-6); },
           [](Line* line) {
             line->set_reached(3);
             line->set_ends_here(3);
           },
           [](Line* line) {
             line->set_frozen(0);
             line->set_frozen_kept(0);
             line->set_kept(0);
             line->set_spendable(6);
             line->set_reached(6);
           }})
    Untrue("what ends there is not what lies there", Balance(change));
  // Of joined parties several roles have parts of it.
  const auto roles = Balance([](Line* line) {
    line->set_reached(2);
    line->set_ends_here(3);
  });
  CanBeTrue(roles, true);
  for (const auto& change : std::vector<std::function<void(Line*)>>{
           [](Line* line) { line->set_returned(2); }, [](Line* line) { line->set_reached(7); },
           [](Line* line) { line->set_ends_here(-1); }}) {
    const auto more = With(roles, [&](auto* a) { change(a->mutable_lines(0)); });
    Untrue("what ends there is not what lies there", more, true);
    CanBeTrue(With(more, [](auto* a) { a->set_as_of_date("2026-01-31"); }), true);
  }
  // By value dates more can have gone out by a day than had come in: that is no lie, and nothing of it is held.
  const auto below = Balance([](Line* line) {
    line->set_received(0);
    line->set_drawn(40);
    line->set_held(-40);
    line->clear_committed_held();
  });
  CanBeTrue(below);
  Untrue("more is committed than there is",
         With(below, [](auto* a) { a->mutable_lines(0)->set_committed_held(0); }));
}

TEST_CASE("statements: what cannot be true is told") {
  v1::StatementAnswer honest;
  v1::Statement* statement = honest.add_statements();
  statement->add_lines()->set_amount(5);  // what a SOURCE brought in
  statement->set_minted(5);
  statement->set_committed_minted(5);
  CanBeTrue(honest);
  const std::pair<std::function<void(v1::Statement*)>, const char*> kLies[] = {
      {[](auto* s) { s->set_total_in(1); }, "the lines do not have the totals"},
      {[](auto* s) { s->set_held_after(1); }, "the totals do not lead to what is held"},
      {[](auto* s) { s->set_committed_in(1); }, "more is committed than there is"},
      {[](auto* s) { s->set_committed_out(1); }, "more is committed than there is"},
      {[](auto* s) { s->set_committed_minted(6); }, "more is committed than there is"},
      {[](auto* s) { s->set_lies(v1::END_KIND_BROUGHT_IN); }, "what lies there cannot end so"},
  };
  for (const auto& [change, words] : kLies)
    Untrue(words, With(honest, [&change = change](auto* a) { change(a->mutable_statements(0)); }));
  // It is of the account that was asked for.
  honest.mutable_statements(0)->mutable_account()->set_party("hub");
  v1::StatementRequest asked;
  asked.set_party("hub");
  CanBeTrue(honest, asked);
  for (const auto& change : std::vector<std::function<void(v1::StatementRequest*)>>{
           [](auto* r) { r->set_party("village"); }, [](auto* r) { r->set_project("lunches"); },
           [](auto* r) { r->set_fund("winter"); }})
    Untrue("which was not asked for", honest, With(asked, change));
}

TEST_CASE("a trace: what cannot be true is told") {
  using Trace = v1::AssetTrace;
  const auto trace = [](const std::function<void(Trace*)>& change) {
    v1::TraceAnswer made;
    made.set_direction(v1::DIRECTION_FROM);
    Trace* asset = made.add_assets();
    asset->set_asked(10);
    asset->set_reached(10);
    auto* end = asset->add_ends();
    end->set_kind(v1::END_KIND_REACHED);
    end->set_amount(10);
    end->set_committed(3);
    asset->mutable_committed()->set_reached(3);
    change(asset);
    return made;
  };
  v1::TraceRequest asked;
  asked.set_direction(v1::DIRECTION_FROM);
  const auto honest = trace([](Trace*) {});
  CanBeTrue(honest, asked);
  for (const auto& change : std::vector<std::function<void(Trace*)>>{
           [](Trace* asset) { asset->mutable_ends(0)->set_kind(v1::END_KIND_ENDS_HERE); },
           [](Trace* asset) { asset->mutable_ends(0)->set_committed(0); },
           [](Trace* asset) { asset->mutable_committed()->set_held(1); },
           [](Trace* asset) {
             asset->mutable_ends(0)->set_committed(11);
             asset->mutable_committed()->set_reached(11);
           }})
    Untrue("a sum is not that of the ends of its kind", trace(change), asked);
  Untrue("what ended is not what was asked", trace([](Trace* asset) { asset->set_asked(11); }), asked);
  Untrue("more is committed than was asked for",
         trace([](Trace* asset) { asset->mutable_committed()->set_asked(11); }), asked);
  Untrue("less than nothing came round again", trace([](Trace* asset) { asset->set_came_round(-1); }), asked);
  Untrue("it goes another way than was asked for", honest,
         With(asked, [](auto* r) { r->set_direction(v1::DIRECTION_TO); }));
  Untrue("there are layers that were not asked for, or none that were", honest,
         With(asked, [](auto* r) { r->set_hops(3); }));
}

TEST_CASE("a trace in layers: what cannot be true is told") {
  // Whole flows by hop: ten came, four went on.
  const auto layers = [&](const std::function<void(v1::AssetTrace*)>& change) {
    v1::TraceAnswer made;
    made.set_direction(v1::DIRECTION_FROM);
    auto* asset = made.add_assets();
    asset->set_asset("CNY");
    asset->set_asked(10);
    asset->set_held(6);
    asset->set_reached(4);
    const auto account = [](const char* party, v1::Account* of) {
      of->set_party(party);
      of->set_asset("CNY");
    };
    const auto end = [&](const char* party, v1::EndKind kind, std::int64_t amount, v1::TraceEnd* of) {
      of->set_kind(kind);
      of->set_amount(amount);
      account(party, of->mutable_account());
    };
    const auto flow = [&](const char* from, const char* to, std::int64_t amount, v1::TraceFlow* of) {
      if (*from != 0) account(from, of->mutable_from());
      account(to, of->mutable_to());
      of->set_amount(amount);
      of->set_transfers(1);
    };
    end("hub", v1::END_KIND_HELD, 6, asset->add_ends());
    end("village", v1::END_KIND_REACHED, 4, asset->add_ends());
    flow("hub", "village", 4, asset->add_flows());
    auto* first = asset->add_layers();
    flow("", "hub", 10, first->add_flows());
    end("hub", v1::END_KIND_HELD, 6, first->add_ends());
    auto* second = asset->add_layers();
    second->set_hop(1);
    flow("hub", "village", 4, second->add_flows());
    end("village", v1::END_KIND_REACHED, 4, second->add_ends());
    change(asset);
    return made;
  };
  const auto honest = layers([](v1::AssetTrace*) {});
  v1::TraceRequest asked;
  asked.set_direction(v1::DIRECTION_FROM);
  Untrue("there are layers that were not asked for, or none that were", honest, asked);
  asked.set_hops(1);
  CanBeTrue(honest, asked);
  asked.set_hops(3);
  CanBeTrue(honest, asked);
  const std::vector<std::pair<std::string, std::function<void(v1::AssetTrace*)>>> lies{
      {"the layers are not those of one hop after another",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->set_hop(2); }},
      {"the layers are not those of one hop after another",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->set_beyond(1); }},
      {"what came to hop 0 is not what went on from the hop before",
       [](v1::AssetTrace* asset) {
         asset->mutable_layers(0)->mutable_flows(0)->mutable_from()->set_party("donor");
       }},
      {"what came to hop 1 is not what went on from the hop before",
       [](v1::AssetTrace* asset) {
         asset->mutable_layers(1)->mutable_flows(0)->mutable_from()->set_party("other");
       }},
      {"a flow of a layer has no amount, or more is committed than there is",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->mutable_flows(0)->set_committed(5); }},
      {"an end in a layer has no amount, or more is committed than there is",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->mutable_ends(0)->set_amount(-4); }},
      {"more ends at hop 1 than came there",
       [](v1::AssetTrace* asset) {
         asset->mutable_layers(1)->mutable_ends(0)->mutable_account()->set_party("hub");
       }},
      {"at hop 0, what came is not what ends and what goes on",
       [](v1::AssetTrace* asset) { asset->mutable_layers(0)->mutable_flows(0)->set_amount(11); }},
      {"at hop 1, what came is not what ends and what goes on",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->mutable_ends(0)->set_amount(3); }},
      {"the layers are not the flows and the ends of the trace",
       [](v1::AssetTrace* asset) { asset->mutable_flows(0)->mutable_to()->set_party("other"); }},
      {"the layers are not the flows and the ends of the trace", [](v1::AssetTrace* asset) {
         asset->mutable_layers(1)->mutable_ends(0)->set_kind(v1::END_KIND_HELD);
       }}};
  for (const auto& [words, change] : lies) Untrue(words, layers(change), asked);
}

}  // namespace
}  // namespace fundtrail::testing
