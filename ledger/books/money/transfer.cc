// See transfer.h. Order: who and what exist and fit together; who may, and who approved; what is drawn; what is
// received; the rows of the indexes.
#include "ledger/books/money/transfer.h"

#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/books/money/approvals.h"
#include "ledger/books/money/commitments.h"
#include "ledger/books/money/in_words.h"
#include "ledger/books/money/need_sums.h"
#include "ledger/books/money/number_line.h"
#include "ledger/books/money/plan_notices.h"
#include "ledger/books/money/project_totals.h"
#include "ledger/books/money/supply.h"
#include "ledger/books/references.h"
#include "ledger/books/standing.h"
#include "ledger/books/state.h"
#include "ledger/model/entry.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/unrecorded.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::AccountNumber;
using model::Refuse;
using model::Side;

namespace {

bool SendsBack(const v1::Transfer& transfer) { return model::SendsBack(transfer.kind()); }

// The kinds that may name the need that they meet.
bool MayMeetNeed(v1::TransferKind kind) {
  return kind == v1::TRANSFER_KIND_APPROPRIATION || kind == v1::TRANSFER_KIND_DONATION ||
         kind == v1::TRANSFER_KIND_ALLOCATION || kind == v1::TRANSFER_KIND_DISBURSEMENT;
}

// The fields that only some kinds have.
Status CheckKind(const v1::Transfer& transfer, const std::string& field) {
  const auto mismatch = [&](const char* name, const char* sentence) {
    return Refuse(v1::REFUSAL_CODE_KIND_MISMATCH, absl::StrCat(field, ".", name), sentence);
  };
  if (SendsBack(transfer) != transfer.has_returns()) {
    return mismatch("returns",
                    "RETURN and REVERSAL name the transfer that they send back, and no other kind does");
  }
  if (SendsBack(transfer) && !transfer.draws().empty()) {
    return mismatch("draws",
                    "a RETURN or REVERSAL draws what the returned transfer brought, and names no receipts");
  }
  const bool exchange = transfer.kind() == v1::TRANSFER_KIND_EXCHANGE;
  if (exchange != !transfer.to_asset().empty() || exchange != (transfer.to_amount() > 0)) {
    return mismatch("to_asset", "EXCHANGE names to_asset and to_amount, and no other kind does");
  }
  if (exchange && transfer.to_asset() == transfer.asset()) {
    return mismatch("to_asset", "an EXCHANGE is between two assets");
  }
  const bool reclassification = transfer.kind() == v1::TRANSFER_KIND_RECLASSIFICATION;
  const bool other_fund = !transfer.to_fund().empty() && transfer.to_fund() != transfer.fund();
  const bool other_project = !transfer.to_project().empty() && transfer.to_project() != transfer.project();
  const bool to_general = transfer.to_general() && !transfer.project().empty();
  if (reclassification && (transfer.from() != transfer.to() || !(other_fund || other_project || to_general) ||
                           transfer.to_fund() == transfer.fund())) {
    return mismatch("to_fund", "a RECLASSIFICATION moves money of one party to another fund or project");
  }
  if (!reclassification && !SendsBack(transfer) && !transfer.to_fund().empty()) {
    return mismatch("to_fund", "only a RECLASSIFICATION, or what sends one back, changes the fund");
  }
  if (!transfer.to_project().empty() && (!other_project || transfer.to_general()))
    return mismatch("to_project", "names another project than `project`, and stands without `to_general`");
  if (!transfer.to_project().empty() && !reclassification &&
      (SendsBack(transfer) || !transfer.project().empty())) {
    return mismatch(
        "to_project",
        "money of a project is paid on in it: only a RECLASSIFICATION takes it to another one, and "
        "what is sent back goes to the account that paid");
  }
  if (transfer.to_general() && (!reclassification || transfer.project().empty()))
    return mismatch("to_general", "only a RECLASSIFICATION takes money out of a project");
  if (!transfer.need().empty() && !MayMeetNeed(transfer.kind())) {
    return mismatch(
        "need",
        "only an APPROPRIATION, DONATION, ALLOCATION or DISBURSEMENT meets a need; what sends one "
        "of them back is taken off by itself");
  }
  return absl::OkStatus();
}

// A ledger reads millions of transfers: where a field stands is put in words when it is wrong.
StatusOr<SharedItem> NeedItem(const store::Reader& state, Items* items, const model::Register& of,
                              std::string_view id, const std::string& field, const char* name) {
  FT_ASSIGN_OR_RETURN(auto item, items->Get(state, of.action, id));
  if (item == nullptr) return FindItem(state, items, of, id, field + name);
  return item;
}

Status NeedGoingOn(const v1::RegisterRow& row, const std::string& field, const char* name) {
  return row.has_ended() ? CheckGoesOn(row, field + name) : absl::OkStatus();
}

// The present versions of what a transfer names.
struct Named {
  SharedItem to, fund;
  SharedItem other_fund;  // in which the money arrives, where that is another one

  const v1::RegisterRow& fund_of_payee() const { return other_fund != nullptr ? *other_fund : *fund; }
};

// What a transfer names is there. What has ended takes no new money and brings none in; what is in it may leave.
StatusOr<Named> CheckNames(const store::Reader& state, Items* items, const v1::Transfer& transfer,
                           const v1::RegisterRow& from, const std::string& to_fund,
                           const std::string& to_asset, bool mints, const std::string& field) {
  static const model::Register& funds = *model::FindRegister(v1::Action::kOpenFund);
  static const model::Register& parties = *model::FindRegister(v1::Action::kRegisterParty);
  static const model::Register& places = *model::FindRegister(v1::Action::kDeclarePlace);
  static const model::Register& assets = *model::FindRegister(v1::Action::kDeclareAsset);
  if (mints) FT_RETURN_IF_ERROR(NeedGoingOn(from, field, ".from"));
  FT_ASSIGN_OR_RETURN(auto to, NeedItem(state, items, parties, transfer.to(), field, ".to"));
  // Between accounts of its own, what has ended may still move its money.
  if (!SendsBack(transfer) && transfer.to() != transfer.from())
    FT_RETURN_IF_ERROR(NeedGoingOn(*to, field, ".to"));
  FT_ASSIGN_OR_RETURN(auto fund, NeedItem(state, items, funds, transfer.fund(), field, ".fund"));
  if (mints) FT_RETURN_IF_ERROR(NeedGoingOn(*fund, field, ".fund"));
  SharedItem other_fund;
  if (to_fund != transfer.fund()) {
    FT_ASSIGN_OR_RETURN(other_fund, FindItem(state, items, funds, to_fund, field + ".to_fund"));
    if (!SendsBack(transfer)) FT_RETURN_IF_ERROR(CheckGoesOn(*other_fund, field + ".to_fund"));
  }
  FT_RETURN_IF_ERROR(NeedItem(state, items, assets, transfer.asset(), field, ".asset").status());
  if (!transfer.place().empty()) {
    FT_ASSIGN_OR_RETURN(const auto place, FindItem(state, items, places, transfer.place(), field + ".place"));
    if (!SendsBack(transfer)) FT_RETURN_IF_ERROR(CheckGoesOn(*place, field + ".place"));
  }
  if (to_asset != transfer.asset())
    FT_RETURN_IF_ERROR(FindItem(state, items, assets, to_asset, field + ".to_asset").status());
  return Named{std::move(to), std::move(fund), std::move(other_fund)};
}

// The projects that a transfer names are there. The one that receives is open: its present version is approved, and it goes
// on. What is sent back needs none of that, and money may always leave a project.
Status CheckProjects(const store::Reader& state, const v1::Transfer& transfer, const std::string& to_project,
                     const std::string& field) {
  static const model::Register& projects = *model::FindRegister(v1::Action::kProposeProject);
  if (!transfer.project().empty())
    FT_RETURN_IF_ERROR(FindItem(state, projects, transfer.project(), field + ".project").status());
  if (to_project.empty() || SendsBack(transfer)) return absl::OkStatus();
  const std::string at = field + (to_project == transfer.project() ? ".project" : ".to_project");
  FT_ASSIGN_OR_RETURN(const auto row, FindItem(state, projects, to_project, at));
  const auto refuse = [&](const std::string& why) {
    return RefuseItem(v1::REFUSAL_CODE_PROJECT_NOT_OPEN, projects, to_project, at,
                      absl::StrCat("project ", to_project, " takes no money: ", why), row.record());
  };
  if (row.has_ended()) {
    return refuse(absl::StrCat("it ended with record ", row.ended().record(),
                               "; what it has is sent back, or taken out of it (--to-general)"));
  }
  FT_ASSIGN_OR_RETURN(const auto approval,
                      NewestAttestation(state, projects.action, to_project, v1::Action::kApproveProject));
  const bool of_now = approval.has_value() && approval->action().approve_project().version() == row.record();
  if (!of_now)
    return refuse(absl::StrCat("nobody approved its present version, that of record ", row.record()));
  if (approval->action().approve_project().decision() != v1::ApproveProject::DECISION_APPROVED)
    return refuse(absl::StrCat("record ", approval->record(), " rejected it"));
  return absl::OkStatus();
}

// Of what is sent back: the project of the account that paid what is returned. When there is no such transfer, DrawReturned
// says so.
StatusOr<std::string> ProjectThatPaid(const store::Reader& state,
                                      const std::optional<model::TransferRow>& returned,
                                      const std::string& otherwise) {
  if (!returned.has_value()) return otherwise;
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(state, returned->from));
  return name.project();
}

// The account's number; a new account gets the next one.
StatusOr<AccountNumber> OpenAccount(store::Overlay* state, const std::string& party, const std::string& fund,
                                    const std::string& project, const std::string& asset) {
  FT_ASSIGN_OR_RETURN(const auto existing, FindAccount(*state, party, fund, project, asset));
  if (existing.has_value()) return *existing;
  FT_ASSIGN_OR_RETURN(const auto next, state->Get(keys::NextAccount()));
  std::uint64_t number = 0;
  if (next.has_value()) {
    FT_ASSIGN_OR_RETURN(number, model::DecodeNumber(keys::NextAccount(), *next));
  }
  FT_ASSIGN_OR_RETURN(const auto taken, state->Get(keys::AccountName(AccountNumber(number))));
  if (taken.has_value()) return model::Damaged(keys::NextAccount(), "is that of an account which exists");
  state->Put(keys::NextAccount(), model::EncodeNumber(number + 1));
  state->Put(keys::AccountByName(party, fund, project, asset), model::EncodeNumber(number));
  if (!project.empty()) state->Put(keys::ProjectAccount(project, AccountNumber(number)), "");
  v1::AccountName name;
  name.set_party(party);
  name.set_fund(fund);
  name.set_project(project);
  name.set_asset(asset);
  PutMessage(state, keys::AccountName(AccountNumber(number)), name);
  return AccountNumber(number);
}

// Draws what the named receipts brought to `payer`, in the order named, and nothing else.
Status DrawEarmarked(store::Overlay* state, NumberLine* payer, TransferRef self, const v1::Transfer& transfer,
                     std::vector<Interval>* pieces, const std::string& field) {
  const Amount amount(transfer.amount());
  Amount drawn;
  for (int i = 0; i < transfer.draws_size(); ++i) {
    const TransferRef ref = model::RefIn(self.record, transfer.draws(i));
    FT_ASSIGN_OR_RETURN(const auto receipt, GetTransfer(*state, ref));
    if (!receipt.has_value() || receipt->to != payer->account()) {
      return Refuse(v1::REFUSAL_CODE_EARMARK_UNKNOWN, absl::StrCat(field, ".draws[", i, "]"),
                    absl::StrCat("transfer ", model::RefText(ref),
                                 " brought nothing to the payer in this fund, project and asset"));
    }
    FT_ASSIGN_OR_RETURN(const Amount more, payer->Draw(receipt->receipt(), amount - drawn, pieces));
    drawn += more;
  }
  if (drawn == amount) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto left, InWords(*state, drawn, transfer.asset()));
  FT_ASSIGN_OR_RETURN(const auto wanted, InWords(*state, amount, transfer.asset()));
  return Refuse(v1::REFUSAL_CODE_EARMARK_SHORT, field + ".draws",
                absl::StrCat("of the receipts named ", left, " is left, and ", wanted, " should be paid"));
}

// `ref` is the transfer that is sent back, and `returned` what the books have of it.
Status DrawReturned(store::Overlay* state, NumberLine* payer, AccountNumber payee, TransferRef ref,
                    const std::optional<model::TransferRow>& returned, const v1::Transfer& transfer,
                    std::vector<Interval>* pieces, const std::string& field) {
  if (!returned.has_value() || returned->exchange() || returned->to != payer->account() ||
      returned->from != payee) {
    return Refuse(v1::REFUSAL_CODE_RETURN_UNKNOWN, field + ".returns",
                  absl::StrCat("transfer ", model::RefText(ref), " is not a payment from ", transfer.to(),
                               " to ", transfer.from(), " in this fund, project and asset"));
  }
  const Amount amount(transfer.amount());
  FT_ASSIGN_OR_RETURN(const Amount drawn, payer->Draw(returned->receipt(), amount, pieces));
  if (drawn == amount) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto left, InWords(*state, drawn, transfer.asset()));
  FT_ASSIGN_OR_RETURN(const auto wanted, InWords(*state, amount, transfer.asset()));
  return Refuse(v1::REFUSAL_CODE_RETURN_SHORT, field + ".amount",
                absl::StrCat("of what transfer ", model::RefText(ref), " brought, ", left, " is left, and ",
                             wanted, " should go back"));
}

void PutStatement(store::Overlay* state, const NumberLine& line, TransferRef ref, Side side, Amount amount,
                  Date date, v1::Stage stage) {
  state->Put(keys::Statement(line.account(), ref, side),
             model::Encode(model::StatementRow{amount, line.now().received, line.now().held, date, stage}));
}

}  // namespace

StatusOr<v1::TransferOutcome> ApplyTransfer(store::Overlay* state, const Moment& moment, TransferRef ref,
                                            const v1::Transfer& transfer, Date date, Authority* authority,
                                            const std::string& field) {
  FT_RETURN_IF_ERROR(CheckKind(transfer, field));
  const std::string& to_fund = transfer.to_fund().empty() ? transfer.fund() : transfer.to_fund();
  const std::string& to_asset = transfer.to_asset().empty() ? transfer.asset() : transfer.to_asset();
  const bool exchange = transfer.kind() == v1::TRANSFER_KIND_EXCHANGE;
  const Amount amount(transfer.amount());
  const Amount to_amount = exchange ? Amount(transfer.to_amount()) : amount;

  Items* const items = &authority->items();
  static const model::Register& parties = *model::FindRegister(v1::Action::kRegisterParty);
  FT_ASSIGN_OR_RETURN(const auto from_item,
                      NeedItem(*state, items, parties, transfer.from(), field, ".from"));
  const v1::RegisterRow& from = *from_item;
  const v1::Role role = from.action().register_party().role();
  const bool mints = role == v1::ROLE_SOURCE && !SendsBack(transfer);
  FT_ASSIGN_OR_RETURN(const auto named,
                      CheckNames(*state, items, transfer, from, to_fund, to_asset, mints, field));
  const v1::RegisterRow& to = *named.to;
  std::string to_project = transfer.to_general()           ? ""
                           : transfer.to_project().empty() ? transfer.project()
                                                           : transfer.to_project();
  TransferRef returned_ref;
  std::optional<model::TransferRow> returned;
  if (SendsBack(transfer)) {
    returned_ref = model::RefIn(ref.record, transfer.returns());
    FT_ASSIGN_OR_RETURN(returned, GetTransfer(*state, returned_ref));
    FT_ASSIGN_OR_RETURN(to_project, ProjectThatPaid(*state, returned, transfer.project()));
  }
  FT_RETURN_IF_ERROR(CheckProjects(*state, transfer, to_project, field));
  FT_RETURN_IF_ERROR(CheckNotFrozen(*state, moment, transfer, returned, to_project, field));
  FT_RETURN_IF_ERROR(CheckNeedNamed(*state, transfer, to, field));
  FT_RETURN_IF_ERROR(CheckSupplyNamed(*state, moment, transfer, field));
  FT_RETURN_IF_ERROR(authority->Require(transfer.from(), v1::PERMISSION_PAY, field + ".from"));
  if (role == v1::ROLE_RECIPIENT && !SendsBack(transfer)) {
    return Refuse(
        v1::REFUSAL_CODE_RECIPIENT_CANNOT_PAY, field + ".from",
        absl::StrCat(transfer.from(), " is a RECIPIENT, where the trail ends: it can only send back",
                     from.action().register_party().role_inferred()
                         ? "; nobody stated that role, and an amendment can make it a HOLDER"
                         : ""));
  }
  if (mints && !transfer.draws().empty()) {
    return Refuse(v1::REFUSAL_CODE_KIND_MISMATCH, field + ".draws",
                  "a SOURCE brings new money in: it has no receipts to draw on");
  }
  FT_RETURN_IF_ERROR(
      CheckPlanNotice(*state, moment, named.fund_of_payee(), transfer, returned, to_project, field));
  FT_RETURN_IF_ERROR(CheckApprovals(*state, *named.fund, transfer, mints, returned, authority, field));

  FT_ASSIGN_OR_RETURN(const AccountNumber payer_account, OpenAccount(state, transfer.from(), transfer.fund(),
                                                                     transfer.project(), transfer.asset()));
  FT_ASSIGN_OR_RETURN(const AccountNumber payee_account,
                      OpenAccount(state, transfer.to(), to_fund, to_project, to_asset));

  FT_ASSIGN_OR_RETURN(NumberLine payer, NumberLine::Load(state, payer_account));
  if (!mints && payer.now().held >= amount)
    FT_RETURN_IF_ERROR(RequireSpendable(state, moment, transfer, payer_account, payer.now().held, field));
  std::vector<Interval> pieces;
  const std::string overflow = " would have received more than 2^63 - 1 units in this account";
  if (mints) {
    if (!payer.CanReceive(amount))
      return Refuse(v1::REFUSAL_CODE_OVERFLOW, field + ".amount", transfer.from() + overflow);
    pieces.push_back(payer.Mint(amount));
  } else if (payer.now().held < amount) {
    FT_ASSIGN_OR_RETURN(const auto held, InWords(*state, payer.now().held, transfer.asset()));
    FT_ASSIGN_OR_RETURN(const auto wanted, InWords(*state, amount, transfer.asset()));
    return Refuse(v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, field + ".amount",
                  absl::StrCat(transfer.from(), " holds ", held, " in fund ", transfer.fund(),
                               transfer.project().empty() ? "" : ", project ", transfer.project(), ", and ",
                               wanted, " should be paid"));
  } else if (SendsBack(transfer)) {
    FT_RETURN_IF_ERROR(
        DrawReturned(state, &payer, payee_account, returned_ref, returned, transfer, &pieces, field));
  } else if (!transfer.draws().empty()) {
    FT_RETURN_IF_ERROR(DrawEarmarked(state, &payer, ref, transfer, &pieces, field));
  } else {
    FT_ASSIGN_OR_RETURN(const Amount drawn, payer.Draw({Position(0), payer.now().end()}, amount, &pieces));
    if (drawn != amount)
      return model::Damaged(keys::AccountState(payer_account), "holds more than its holes and its tail");
  }
  payer.Store();
  PutStatement(state, payer, ref, Side::kOut, amount, date, transfer.stage());

  // Loaded after the payer is stored: they may be the same account.
  FT_ASSIGN_OR_RETURN(NumberLine payee, NumberLine::Load(state, payee_account));
  if (!payee.CanReceive(to_amount))
    return Refuse(v1::REFUSAL_CODE_OVERFLOW, field + ".amount", transfer.to() + overflow);
  const Interval received = payee.Receive(to_amount);
  payee.Store();
  PutStatement(state, payee, ref, Side::kIn, to_amount, date, transfer.stage());

  v1::TransferOutcome outcome;
  outcome.set_to_position(received.from.value());
  Position arrives = received.from;
  for (const Interval& piece : pieces) {
    auto* recorded = outcome.add_pieces();
    recorded->set_from(piece.from.value());
    recorded->set_length(piece.length().value());
    state->Put(keys::PieceOut(payer_account, piece.from),
               model::Encode(model::PieceRow{piece.length(), payee_account, arrives, ref, exchange}));
    if (!exchange) {
      state->Put(keys::PieceIn(payee_account, arrives),
                 model::Encode(model::PieceRow{piece.length(), payer_account, piece.from, ref, false}));
      arrives = arrives + piece.length();
    }
  }
  if (exchange) {
    state->Put(keys::PieceIn(payee_account, received.from),
               model::Encode(model::PieceRow{to_amount, payer_account, pieces.front().from, ref, true}));
  }

  Moved moved{.record = ref.record,
              .from = {transfer.project(), transfer.asset(), LiesAt(from.action().register_party()), amount},
              .to = {to_project, to_asset, LiesAt(to.action().register_party()), to_amount},
              .mints = mints,
              .unrecorded = mints && model::IsUnrecordedOrigin(transfer.from()),
              .sends_back = SendsBack(transfer)};
  moved.across = IsAcross(moved.from, moved.to);
  moved.committed = CommittedMoveOf(transfer.stage(), mints || moved.across, returned);
  FT_RETURN_IF_ERROR(CountInProjects(state, moved));
  if (!transfer.need().empty()) FT_RETURN_IF_ERROR(CountPaid(state, ref, transfer));
  FT_RETURN_IF_ERROR(CountSupply(state, ref, transfer, payer_account));
  if (returned.has_value()) {
    FT_RETURN_IF_ERROR(CountSentBack(state, ref.record, transfer, to_fund, *returned));
    FT_RETURN_IF_ERROR(CountSupplySentBack(state, ref.record, transfer, *returned));
  }
  state->Put(keys::Transfer(ref),
             model::Encode(model::TransferRow{payer_account, payee_account, amount, received.from, to_amount,
                                              date, transfer.kind(), transfer.stage(), moved.committed}));
  return outcome;
}

}  // namespace fundtrail::books
