// Proofs of inclusion and consistency, asked of a real ledger at every size.
#include "ledger/query/proofs.h"

#include <catch2/catch.hpp>

#include "ledger/store/memory.h"
#include "ledger/tree/merkle.h"
#include "tests/support/ledgers.h"
#include "tests/support/questions.h"

namespace fundtrail::testing {
namespace {

constexpr std::uint64_t kMost = 20;

Hash Root(const query::View& view) { return Need(Hash::FromBytes(view.checkpoint.root())); }

std::vector<Hash> Hashes(const google::protobuf::RepeatedPtrField<std::string>& from) {
  std::vector<Hash> hashes;
  for (const auto& hash : from) hashes.push_back(Need(Hash::FromBytes(hash)));
  return hashes;
}

TEST_CASE("every record has its proof at every size, and every size its proof to every later one") {
  Need(crypto::Init());
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::vector<Hash> roots{tree::EmptyRoot()};
  for (std::uint64_t size = 1; size <= kMost; ++size) {
    if (size > 1) Need(ledger->AppendOne(PaymentBytes(size), clock.Read()).status());
    const auto view = Need(query::MakeView(ledger->store()));
    roots.push_back(Root(view));
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proved = Need(query::Prove(view, ProveOf(index)));
      CHECK(proved.index() == index);
      CHECK(proved.as_of().note() == ledger->checkpoint());
      CHECK(proved.record() == Need(ledger->store().Get(model::keys::Record(RecordIndex(index)))).value());
      CHECK(tree::VerifyInclusion(index, size, tree::LeafHash(proved.record()), Hashes(proved.path()),
                                  Root(view))
                .ok());
    }
    CHECK(query::Prove(view, ProveOf(size)).status().code() == absl::StatusCode::kNotFound);
    for (std::uint64_t old = 0; old <= size; ++old) {
      const auto answer = Need(query::Consistency(view, ConsistencyOf(old, size)));
      CHECK(answer.old_size() == old);
      CHECK(answer.new_size() == size);
      CHECK(tree::VerifyConsistency(old, size, roots[old], roots[size], Hashes(answer.proof())).ok());
    }
  }
  const auto view = Need(query::MakeView(ledger->store()));
  CHECK(tree::VerifyConsistency(3, 11, roots[3], roots[11],
                                Hashes(Need(query::Consistency(view, ConsistencyOf(3, 11))).proof()))
            .ok());
  CHECK(query::Consistency(view, ConsistencyOf(0, kMost + 1)).status().code() ==
        absl::StatusCode::kOutOfRange);
  CHECK(query::Consistency(view, ConsistencyOf(5, 4)).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a tree node that is missing is damage, and said to be") {
  Need(crypto::Init());
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  for (std::uint64_t id = 1; id < 4; ++id) Need(ledger->AppendOne(PaymentBytes(id), clock.Read()).status());
  store::Overlay damaged(static_cast<const store::Reader&>(ledger->store()));
  damaged.Delete(model::keys::TreeNode(1, 0));
  const auto view = Need(query::MakeView(damaged));
  CHECK(query::Prove(view, ProveOf(3)).status().code() == absl::StatusCode::kDataLoss);
  CHECK(query::Prove(view, ProveOf(0)).ok());
}

}  // namespace
}  // namespace fundtrail::testing
