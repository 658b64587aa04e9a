// Samples: how many, which, and that anyone comes to the same ones from the records alone.
#include "ledger/query/sample.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "ledger/crypto/sha256.h"
#include "ledger/model/references.h"
#include "ledger/query/sample_size.h"
#include "ledger/store/memory.h"
#include "ledger/tree/merkle.h"
#include "tests/support/answers.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("the size of a sample is that of HOPE's formula") {
  // ceil(N * t / (t + N) * 1.5), at most N, as Python's statistics.NormalDist gives it.
  struct Known {
    std::uint64_t of;
    std::uint32_t confidence, margin;
    std::uint64_t size;
  };
  for (const Known& known : std::vector<Known>{{0, 95, 500, 0},
                                               {1, 95, 500, 1},
                                               {2, 95, 500, 2},
                                               {10, 90, 500, 10},
                                               {100, 95, 500, 100},
                                               {1000, 95, 500, 417},
                                               {1000, 90, 500, 320},
                                               {1000, 99, 500, 599},
                                               {40, 90, 1000, 38},
                                               {100000, 95, 500, 575},
                                               {1000000, 95, 100, 14269},
                                               {5000, 99, 1000, 241},
                                               {417, 95, 500, 300},
                                               {577, 95, 500, 346}}) {
    INFO(known.of << " " << known.confidence << " " << known.margin);
    CHECK(query::SampleSize(known.of, known.confidence, known.margin) == known.size);
  }
  CHECK(query::SampleSize(100, 94, 500) == 0);
  CHECK(query::SampleSize(100, 95, 0) == 0);
  CHECK(query::SampleSize(UINT64_MAX, 99, 5'000) == 10);
  CHECK(query::SampleSize(UINT64_MAX, 99, 1) > 0);
}

struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  // 1.2 to 1.41 are payments to the village, and the rest is nothing that a sample asks about.
  Ground() {
    std::vector<v1::Action> pays = {Pay("donor", "ministry", 1'000)};
    for (int n = 0; n < 40; ++n) pays.push_back(Pay("ministry", "village", 10));
    pays.push_back(Returning(Pay("village", "ministry", 10), ThisEntry(2)));
    pays.push_back(Committed(Pay("ministry", "village", 10)));
    Do(pays);
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  StatusOr<v1::SampleAnswer> Try(const std::string& id, std::optional<std::uint64_t> as_of = {}) const {
    v1::SampleRequest request;
    request.set_id(id);
    if (as_of.has_value()) request.set_as_of(*as_of);
    return query::Sample(Need(query::MakeView(ledger->store())), request);
  }
};

// Of 40 payments not all are asked about.
v1::Action Wide(v1::Action sample) {
  sample.mutable_draw_sample()->set_margin_basis_points(1'000);
  sample.mutable_draw_sample()->set_confidence(90);
  return sample;
}

TEST_CASE("nobody knows the members before the next record, and then everybody does") {
  Ground ground;
  const std::uint64_t drawn = ground.Do({Wide(Sample("s", "ministry"))});
  const auto before = Need(ground.Try("s"));
  CHECK(before.seed().empty());
  CHECK(before.members().empty());
  CHECK(before.of() == 40);
  CHECK(before.size() == query::SampleSize(40, 90, 1'000));
  CHECK(before.size() < 40);
  ground.Do({Pay("ministry", "village", 10)});  // after the sample
  const auto answer = Need(ground.Try("s"));
  CHECK(answer.of() == 40);
  CHECK(answer.record() == drawn);
  CHECK(answer.seed_size() == drawn + 2);

  // Again, from the records alone.
  tree::Frontier tree;
  for (std::uint64_t i = 0; i < drawn + 2; ++i) {
    const auto bytes = Need(ground.ledger->store().Get(model::keys::Record(RecordIndex(i))));
    REQUIRE(bytes.has_value());
    tree.Append(tree::LeafHash(*bytes));
  }
  const Hash seed = tree.Root();
  CHECK(answer.seed() == seed.view());
  std::vector<std::pair<std::string, std::string>> ranks;
  for (std::uint32_t line = 2; line <= 41; ++line) {
    Bytes name;
    AppendBigEndian64(&name, 1);
    AppendBigEndian32(&name, line);
    ranks.emplace_back(std::string(crypto::Sha256(Bytes(seed.view()) + name).view()),
                       absl::StrCat("1.", line));
  }
  std::sort(ranks.begin(), ranks.end());
  REQUIRE(static_cast<std::uint64_t>(answer.members_size()) == answer.size());
  for (int i = 0; i < answer.members_size(); ++i) {
    CHECK(answer.members(i).rank() == ranks[static_cast<std::size_t>(i)].first);
    CHECK(model::RefText(answer.members(i).transfer()) == ranks[static_cast<std::size_t>(i)].second);
    CHECK(answer.members(i).party() == "village");
    CHECK(answer.members(i).amount() == 10);
    CHECK(answer.members(i).status() == v1::AcknowledgementLine::STATUS_SILENT);
  }

  // Later records change no member, and what is said of them is told.
  const TransferRef first = model::RefOf(answer.members(0).transfer());
  ground.Do({ForSample("s", Acknowledge(Ref(first.record.value(), first.line), "village"))});
  const auto later = Need(ground.Try("s"));
  CHECK(later.members_size() == answer.members_size());
  CHECK(later.members(0).rank() == answer.members(0).rank());
  CHECK(later.members(0).status() == v1::AcknowledgementLine::STATUS_CONFIRMED);
  // Whoever looks as of the sample's record does not know them.
  CHECK(Need(ground.Try("s", drawn)).seed().empty());
  CHECK(Need(ground.Try("s", drawn + 1)).seed() == answer.seed());
}

TEST_CASE("a sample of all, of none, and of what is not there") {
  Ground ground;
  ground.Do({Fund("school", "root"), Sample("all", "ministry"), Sample("none", "ministry", "school")});
  ground.Do({Asset("USD")});
  CHECK(Need(ground.Try("all")).members_size() == static_cast<int>(query::SampleSize(40, 95, 500)));
  const auto none = Need(ground.Try("none"));
  CHECK(none.of() == 0);
  CHECK(none.size() == 0);
  CHECK(none.members().empty());
  CHECK(ground.Try("other").status().code() == absl::StatusCode::kNotFound);
  CHECK(ground.Try("all", 1).status().code() == absl::StatusCode::kNotFound);
  CHECK(ground.Try("all", 99).status().code() == absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace fundtrail::testing
