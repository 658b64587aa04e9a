// See sample.h.
#include "ledger/query/sample.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"
#include "ledger/books/acknowledgements.h"
#include "ledger/crypto/sha256.h"
#include "ledger/log/seal.h"
#include "ledger/model/references.h"
#include "ledger/query/arrival.h"
#include "ledger/query/movements.h"
#include "ledger/query/sample_size.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::uint64_t kMaxMembers = 20'000;

struct Ranked {
  Hash rank;
  TransferRef ref;
  friend bool operator<(const Ranked& one, const Ranked& other) {
    return std::pair(one.rank.view(), one.ref) < std::pair(other.rank.view(), other.ref);
  }
};

class SampleReader {
 public:
  SampleReader(const View& view, const v1::RegisterRow& sample) : view_(view), sample_(sample) {}

  // Each payment that may be asked about, in the order of the log.
  Status Each(const std::function<Status(TransferRef)>& take) {
    const auto rows =
        view_.rows->Scan(keys::AllOf(keys::kTransferTag), keys::TransfersOf(RecordIndex(sample_.opened())));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(rows->key()));
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(rows->key(), rows->value()));
      if (!books::IsSampledPayment(sample_, ref, row)) continue;
      FT_ASSIGN_OR_RETURN(const bool asked, IsAsked(row.to));
      if (asked) FT_RETURN_IF_ERROR(take(ref));
    }
    return rows->status();
  }

 private:
  StatusOr<bool> IsAsked(model::AccountNumber account) {
    const auto found = asked_.find(account.value());
    if (found != asked_.end()) return found->second;
    FT_ASSIGN_OR_RETURN(const bool asked, books::IsSampledAccount(*view_.rows, sample_, account));
    asked_.emplace(account.value(), asked);
    return asked;
  }

  const View& view_;
  const v1::RegisterRow& sample_;
  absl::flat_hash_map<std::uint64_t, bool> asked_;
};

Hash RankOf(const Hash& seed, TransferRef ref) {
  Bytes name;
  AppendBigEndian64(&name, ref.record.value());
  AppendBigEndian32(&name, ref.line);
  return crypto::Sha256({seed.view(), name});
}

StatusOr<v1::SampleMember> MemberOf(const View& view, const View& then, const Ranked& ranked,
                                    AsOfRecord as_of) {
  v1::SampleMember member;
  model::SetRef(ranked.ref, member.mutable_transfer());
  member.set_rank(std::string(ranked.rank.view()));
  FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view, ranked.ref));
  FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view, row.to));
  FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then, to.party()));
  FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(then, to.asset()));
  FT_ASSIGN_OR_RETURN(const auto said, NewestAcknowledgement(view, ranked.ref, as_of));
  member.set_party(to.party());
  member.set_party_name(party.name());
  member.set_amount(row.to_amount.value());
  member.set_asset(to.asset());
  member.set_decimals(asset.decimals());
  member.set_status(StatusBy(said));
  return member;
}

}  // namespace

StatusOr<v1::SampleAnswer> Sample(const View& view, const v1::SampleRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  FT_ASSIGN_OR_RETURN(const auto sample, ItemThen(view, v1::Action::kDrawSample, request.id(), as_of));
  if (!sample.has_value())
    return absl::NotFoundError(absl::StrCat("this ledger has no sample \"", Escaped(request.id()), "\""));
  const v1::DrawSample& said = sample->action().draw_sample();
  v1::SampleAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  *answer.mutable_sample() = said;
  answer.set_record(sample->opened());
  answer.set_seed_size(sample->opened() + 2);

  SampleReader reader(view, *sample);
  std::uint64_t of = 0;
  FT_RETURN_IF_ERROR(reader.Each([&](TransferRef) {
    ++of;
    return absl::OkStatus();
  }));
  const std::uint64_t size = SampleSize(of, said.confidence(), said.margin_basis_points());
  answer.set_of(of);
  answer.set_size(size);
  // Whoever looks as of a record does not know the next one.
  if (answer.seed_size() > (as_of.has_value() ? *as_of + 1 : view.checkpoint.size())) return answer;
  if (size > kMaxMembers) {
    return absl::ResourceExhaustedError(
        absl::StrCat("sample ", Escaped(request.id()), " has ", size, " members, and an answer has at most ",
                     kMaxMembers, ": docs/answers.md says how to compute them from the records"));
  }
  FT_ASSIGN_OR_RETURN(const Hash seed, tree::RootAt(answer.seed_size(), log::TreeNodes(*view.rows)));
  answer.set_seed(std::string(seed.view()));

  // The highest of those that are kept is on top.
  std::priority_queue<Ranked> kept;
  FT_RETURN_IF_ERROR(reader.Each([&](TransferRef ref) {
    kept.push({RankOf(seed, ref), ref});
    if (kept.size() > size) kept.pop();
    return absl::OkStatus();
  }));
  std::vector<Ranked> members;
  for (; !kept.empty(); kept.pop()) members.push_back(kept.top());
  const View then = Then(view, as_of);
  for (auto ranked = members.rbegin(); ranked != members.rend(); ++ranked) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(auto member, MemberOf(view, then, *ranked, as_of));
    FT_RETURN_IF_ERROR(view.Grow(member.ByteSizeLong()));
    *answer.add_members() = std::move(member);
  }
  return answer;
}

}  // namespace fundtrail::query
