// See ask_witness.h.
#include "ledger/witness/ask_witness.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/log/head.h"
#include "ledger/log/seal.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::witness {
namespace {

constexpr int kTries = 3;  // a size that it tells may be old when it is asked again
constexpr std::size_t kShownBytes = 200;

// Its word alone, which proves nothing: neither that it is so, nor whose doing it is.
Status Disagrees(const std::string& what) {
  return absl::FailedPreconditionError(absl::StrCat(
      what,
      ". That is its word. If it is true, this ledger was set back, or another history was signed "
      "with its key; the proof would be a checkpoint by the ledger's key that is not in this "
      "ledger: ask the witness for the one that it cosigned last"));
}

std::string FirstLine(const std::string& body) {
  return Escaped(body.substr(0, std::min(body.find('\n'), kShownBytes)));
}

StatusOr<tree::AddCheckpoint> MakeRequest(const store::Reader& rows, const Candidate& candidate,
                                          std::uint64_t old_size) {
  tree::AddCheckpoint request{old_size, {}, candidate.note, candidate.checkpoint};
  FT_ASSIGN_OR_RETURN(request.proof,
                      tree::ConsistencyProof(old_size, candidate.checkpoint.size, log::TreeNodes(rows)));
  return request;
}

// It has cosigned more than the candidate. The ledger may have got there since.
StatusOr<WitnessReply> Ahead(const store::Reader& rows, std::uint64_t told) {
  FT_ASSIGN_OR_RETURN(const auto checkpoint, log::ReadUnverifiedCheckpoint(rows));
  if (told <= checkpoint.size) return WitnessReply{std::nullopt, told};
  return Disagrees(
      absl::StrCat("it says that it has cosigned ", told, " records, and there are only ", checkpoint.size));
}

}  // namespace

StatusOr<WitnessReply> AskWitness(const store::Reader& rows, const Candidate& candidate,
                                  const tree::Verifier& witness, std::uint64_t known,
                                  const PostToWitness& post) {
  const std::uint64_t size = candidate.checkpoint.size;
  if (known > size) return Ahead(rows, known);
  for (int tries = 1; tries <= kTries; ++tries) {
    FT_ASSIGN_OR_RETURN(const auto request, MakeRequest(rows, candidate, known));
    FT_ASSIGN_OR_RETURN(const net::HttpReply reply, post(FormatAddCheckpoint(request)));
    if (reply.status == 200) {
      auto cosignature = tree::CosignatureIn(reply.body, candidate.note.text, witness);
      if (cosignature.ok()) return WitnessReply{*std::move(cosignature), size};
      return absl::UnavailableError(
          absl::StrCat("its cosignature is not good: ", std::string(cosignature.status().message())));
    }
    if (reply.status == 422)
      return Disagrees(absl::StrCat("it answers 422 to the proof that ", size, " records go on from the ",
                                    known, " that it cosigned, by its word: ", FirstLine(reply.body)));
    const auto told = tree::SizeIn(reply.body);
    if (reply.status != 409 || !told.ok() || *told == known)
      return absl::UnavailableError(absl::StrCat("it answers ", reply.status, ": ", FirstLine(reply.body)));
    if (*told > size) return Ahead(rows, *told);
    known = *told;
  }
  return absl::UnavailableError("it tells another size each time");
}

}  // namespace fundtrail::witness
