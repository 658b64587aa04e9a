// See merkle.h. Checking proofs, step by step as RFC 9162 has it.
#include <bit>

#include "absl/strings/str_cat.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::tree {
namespace {

Status Refuse(const std::string& why) { return absl::InvalidArgumentError(why); }

Status WrongLength(const char* kind, std::size_t length) {
  return Refuse(absl::StrCat("a proof of ", length, " hashes is too ", kind, " for trees of these sizes"));
}

struct Roots {
  Hash at_old, at_new;
};

// What a consistency proof between two sizes, neither 0 nor equal, leads to. The old root is a node of the new tree
// where its size is a power of two, and is then taken as given.
StatusOr<Roots> RootsOf(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                        std::span<const Hash> proof) {
  if (proof.empty()) return WrongLength("short", 0);

  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = new_size - 1;
  const int shared = std::countr_one(fn);  // levels at which the old tree's last node is a right child
  fn >>= shared;
  sn >>= shared;
  // When the old size is a power of two, its root is itself a node of the new tree and not in the proof.
  const bool power = std::has_single_bit(old_size);
  const Hash& seed = power ? old_root : proof.front();
  Hash fr = seed;
  Hash sr = seed;
  for (const Hash& c : power ? proof : proof.subspan(1)) {
    if (sn == 0) return WrongLength("long", proof.size());
    if ((fn & 1) != 0 || fn == sn) {
      fr = NodeHash(c, fr);
      sr = NodeHash(c, sr);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = NodeHash(sr, c);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return WrongLength("short", proof.size());
  return Roots{fr, sr};
}

}  // namespace

Status VerifyInclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf_hash,
                       std::span<const Hash> proof, const Hash& root) {
  if (index >= size) return Refuse(absl::StrCat("there is no leaf ", index, " in a tree of size ", size));
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash r = leaf_hash;
  for (const Hash& p : proof) {
    if (sn == 0) return WrongLength("long", proof.size());
    if ((fn & 1) != 0 || fn == sn) {
      r = NodeHash(p, r);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      r = NodeHash(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return WrongLength("short", proof.size());
  if (r != root) {
    return Refuse(absl::StrCat("the inclusion proof of leaf ", index, " leads to the root ", r.hex(),
                               ", not to ", root.hex()));
  }
  return absl::OkStatus();
}

Status VerifyConsistency(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                         const Hash& new_root, std::span<const Hash> proof) {
  if (old_size > new_size) {
    return Refuse(
        absl::StrCat("a tree of size ", old_size, " cannot be the beginning of a tree of size ", new_size));
  }
  if (old_size == 0 && old_root != EmptyRoot()) {
    return Refuse(absl::StrCat("the root ", old_root.hex(), " is not that of the empty tree"));
  }
  if (old_size == new_size && old_root != new_root) {
    return Refuse(absl::StrCat("two roots for the same size ", new_size, ": ", old_root.hex(), " and ",
                               new_root.hex()));
  }
  if (old_size == 0 || old_size == new_size) {
    return proof.empty() ? absl::OkStatus() : WrongLength("long", proof.size());
  }
  FT_ASSIGN_OR_RETURN(const Roots shown, RootsOf(old_size, new_size, old_root, proof));
  const auto& [fr, sr] = shown;
  if (fr != old_root) {
    return Refuse(absl::StrCat("the consistency proof leads to the root ", fr.hex(), " at size ", old_size,
                               ", not to ", old_root.hex()));
  }
  if (sr != new_root) {
    return Refuse(absl::StrCat("the consistency proof leads to the root ", sr.hex(), " at size ", new_size,
                               ", not to ", new_root.hex()));
  }
  return absl::OkStatus();
}

bool ProvesContradiction(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                         const Hash& new_root, std::span<const Hash> proof) {
  if (old_size == new_size) return old_root != new_root;
  if (old_size == 0 || old_size > new_size) return false;
  const auto shown = RootsOf(old_size, new_size, old_root, proof);
  return shown.ok() && shown->at_new == new_root && shown->at_old != old_root;
}

}  // namespace fundtrail::tree
