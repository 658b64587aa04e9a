// See proofs.h.
#include "ledger/query/proofs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/log/seal.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::query {

namespace {

StatusOr<v1::ProveAnswer> ProveAt(const View& view, RecordIndex index) {
  const std::uint64_t size = view.checkpoint.size();
  if (index.value() >= size) {
    return absl::NotFoundError(
        absl::StrCat("this ledger has no record ", index.value(), "; it has ", size, ", counted from 0"));
  }
  FT_ASSIGN_OR_RETURN(auto stored, log::NeedRecord(*view.rows, index));
  FT_ASSIGN_OR_RETURN(const auto path, tree::InclusionProof(index.value(), size, log::TreeNodes(*view.rows)));
  v1::ProveAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  answer.set_index(index.value());
  answer.set_record(std::move(stored.bytes));
  for (const Hash& hash : path) answer.add_path(Bytes(hash.view()));
  return answer;
}

StatusOr<v1::ConsistencyAnswer> ConsistencyAt(const View& view, std::uint64_t old_size,
                                              std::uint64_t new_size) {
  if (new_size > view.checkpoint.size()) {
    return absl::OutOfRangeError(
        absl::StrCat("this ledger has ", view.checkpoint.size(), " records, not ", new_size));
  }
  FT_ASSIGN_OR_RETURN(const auto proof,
                      tree::ConsistencyProof(old_size, new_size, log::TreeNodes(*view.rows)));
  v1::ConsistencyAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  answer.set_old_size(old_size);
  answer.set_new_size(new_size);
  for (const Hash& hash : proof) answer.add_proof(Bytes(hash.view()));
  return answer;
}

}  // namespace

StatusOr<v1::ProveAnswer> Prove(const View& view, const v1::ProveRequest& request) {
  const RecordIndex index(request.record());
  if (!request.cosigned()) return ProveAt(view, index);
  FT_ASSIGN_OR_RETURN(const View cosigned, AtCosigned(view));
  const std::uint64_t size = cosigned.checkpoint.size();
  if (request.record() >= size && request.record() < view.checkpoint.size()) {
    return absl::FailedPreconditionError(absl::StrCat("witnesses have cosigned the first ", size,
                                                      " records, and ", request.record(),
                                                      " is not among them yet: ask again in a moment"));
  }
  return ProveAt(cosigned, index);
}

StatusOr<v1::ConsistencyAnswer> Consistency(const View& view, const v1::ConsistencyRequest& request) {
  View as_of = view;
  if (request.cosigned()) {
    FT_ASSIGN_OR_RETURN(as_of, AtCosigned(view));
  }
  const std::uint64_t size = as_of.checkpoint.size();
  return ConsistencyAt(as_of, request.old_size(), request.has_new_size() ? request.new_size() : size);
}

StatusOr<v1::CheckpointRef> TreeAfter(const View& view, std::uint64_t record) {
  if (record >= view.checkpoint.size())
    return absl::NotFoundError(absl::StrCat("this ledger has no record ", record));
  v1::CheckpointRef tree;
  tree.set_ledger(view.checkpoint.ledger());
  tree.set_size(record + 1);
  FT_ASSIGN_OR_RETURN(const Hash root, tree::RootAt(record + 1, log::TreeNodes(*view.rows)));
  tree.set_root(std::string(root.view()));
  return tree;
}

}  // namespace fundtrail::query
