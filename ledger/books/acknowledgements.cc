// See acknowledgements.h.
#include "ledger/books/acknowledgements.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/books/money/in_words.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

// Whether `above` is the party, or stands above it.
StatusOr<bool> StandsAbove(Ancestors* ancestors, const std::string& above, const std::string& party) {
  bool met = false;
  FT_RETURN_IF_ERROR(
      ancestors->EachAbove(v1::Action::kRegisterParty, party, [&](const std::string& id) -> StatusOr<bool> {
        met = id == above;
        return !met;
      }));
  return met;
}

// Somebody speaks for the payee: not the payer, nor a party above or below it.
Status CheckAgent(Ancestors* ancestors, const std::string& by, const std::string& payer,
                  const std::string& field) {
  FT_ASSIGN_OR_RETURN(bool own, StandsAbove(ancestors, by, payer));
  if (!own) {
    FT_ASSIGN_OR_RETURN(own, StandsAbove(ancestors, payer, by));
  }
  if (!own) return absl::OkStatus();
  return Refuse(
      v1::REFUSAL_CODE_AGENT_RECUSED, field,
      absl::StrCat(by, " belongs to the body that paid, ", payer, ": another one speaks for the payee"));
}

// What a party says of a payment that its account `to` received.
Status CheckSpeaker(const v1::Acknowledge& said, const v1::AccountName& from, const v1::AccountName& to,
                    Authority* authority, const std::string& field) {
  const std::string at = field + ".by";
  if (said.channel() == v1::Acknowledge::CHANNEL_SELF) {
    if (said.by() != to.party()) {
      return Refuse(v1::REFUSAL_CODE_ACK_NOT_PAYEE, at,
                    absl::StrCat("the payment was to ", to.party(), ", and ", said.by(),
                                 " does not speak as it: whoever was paid says so itself (--by ", to.party(),
                                 "), and others as AGENT or SAMPLE (--agent, --sample)"));
    }
    return authority->Require(said.by(), v1::PERMISSION_ACKNOWLEDGE, at);
  }
  // The payee's own word takes ACKNOWLEDGE, however it says that it was asked.
  FT_RETURN_IF_ERROR(said.by() == to.party() ? authority->Require(said.by(), v1::PERMISSION_ACKNOWLEDGE, at)
                                             : authority->RequireEither(said.by(), v1::PERMISSION_DECLARE,
                                                                        v1::PERMISSION_ADMINISTER, at));
  return CheckAgent(&authority->ancestors(), said.by(), from.party(), at);
}

Status CheckPartly(const store::Reader& state, const v1::Acknowledge& said, const model::TransferRow& row,
                   const std::string& asset, const std::string& field) {
  if (said.result() != v1::Acknowledge::RESULT_PARTLY || said.amount() < row.to_amount.value())
    return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto paid, InWords(state, row.to_amount, asset));
  FT_ASSIGN_OR_RETURN(const auto arrived, InWords(state, Amount(said.amount()), asset));
  return Refuse(v1::REFUSAL_CODE_ACK_EXCEEDS, field + ".amount",
                absl::StrCat(paid, " were paid, and ", arrived,
                             " are not a part of that: PARTLY says how much less arrived"));
}

}  // namespace

bool CanArrive(v1::TransferKind kind) {
  return kind != v1::TRANSFER_KIND_RECLASSIFICATION && kind != v1::TRANSFER_KIND_REVERSAL;
}

bool IsSampledPayment(const v1::RegisterRow& sample, TransferRef ref, const model::TransferRow& transfer) {
  return ref.record.value() < sample.opened() && !transfer.sends_back() && !transfer.committed() &&
         CanArrive(transfer.kind);
}

StatusOr<bool> IsSampledAccount(const store::Reader& state, const v1::RegisterRow& sample,
                                model::AccountNumber account) {
  const v1::DrawSample& said = sample.action().draw_sample();
  FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(state, account));
  if (!said.fund().empty() && to.fund() != said.fund()) return false;
  if (!said.project().empty() && to.project() != said.project()) return false;
  FT_ASSIGN_OR_RETURN(auto now, GetItem(state, v1::Action::kRegisterParty, to.party()));
  if (!now.has_value()) return model::Damaged(keys::Party(to.party()), "is missing");
  FT_ASSIGN_OR_RETURN(const auto then, AsOf(state, *std::move(now), RecordIndex(sample.opened())));
  return then.has_value() && then->action().register_party().role() == v1::ROLE_RECIPIENT;
}

StatusOr<bool> IsSampled(const store::Reader& state, const v1::RegisterRow& sample, TransferRef ref,
                         const model::TransferRow& transfer) {
  if (!IsSampledPayment(sample, ref, transfer)) return false;
  return IsSampledAccount(state, sample, transfer.to);
}

Status CheckSample(const v1::DrawSample& sample, const std::string& field) {
  const std::uint32_t confidence = sample.confidence();
  if (confidence == 90 || confidence == 95 || confidence == 99) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".confidence",
                absl::StrCat("is ", confidence, ", and must be 90, 95 or 99 of 100"));
}

Status ApplyAcknowledge(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                        const v1::Action& action, Authority* authority, const std::string& at,
                        std::uint32_t place) {
  static const model::Register& samples = *model::FindRegister(v1::Action::kDrawSample);
  const v1::Acknowledge& said = action.acknowledge();
  const std::string field = at + ".acknowledge";
  const TransferRef ref = model::RefOf(said.transfer());

  FT_ASSIGN_OR_RETURN(const auto row, GetTransfer(*state, ref));
  if (!row.has_value()) {
    return Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, field + ".transfer",
                  absl::StrCat("there is no transfer ", model::RefText(ref)));
  }
  FT_ASSIGN_OR_RETURN(const auto by, FindParty(*state, said.by(), field + ".by"));
  FT_RETURN_IF_ERROR(CheckGoesOn(by, field + ".by"));
  std::optional<v1::RegisterRow> sample;
  if (!said.sample().empty()) {
    FT_ASSIGN_OR_RETURN(sample, FindItem(*state, samples, said.sample(), field + ".sample"));
  }
  FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(*state, row->from));
  FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(*state, row->to));
  FT_RETURN_IF_ERROR(CheckSpeaker(said, from, to, authority, field));
  if (!CanArrive(row->kind)) {
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".transfer",
                  absl::StrCat("by transfer ", model::RefText(ref),
                               " nothing arrives: it is a RECLASSIFICATION or a REVERSAL"));
  }
  FT_RETURN_IF_ERROR(CheckPartly(*state, said, *row, to.asset(), field));
  if (sample.has_value()) {
    FT_ASSIGN_OR_RETURN(const bool sampled, IsSampled(*state, *sample, ref, *row));
    if (!sampled) {
      return RefuseItem(
          v1::REFUSAL_CODE_FIELD_INVALID, samples, said.sample(), field + ".sample",
          absl::StrCat("transfer ", model::RefText(ref), " is not one that sample ", said.sample(),
                       " can ask about: it holds for payments to recipients, in its fund and "
                       "project, that are recorded before it"));
    }
  }

  v1::AttestationRow kept;
  *kept.mutable_action() = action;
  kept.set_record(moment.record.value());
  kept.set_author(entry.author());
  PutMessage(state, keys::Acknowledged(ref, moment.record, place), kept);
  return absl::OkStatus();
}

}  // namespace fundtrail::books
