// Makes the actions of one row. Inside intake/: others use row_actions.h.
//
// It is divided by subject: row_names.cc finds what the row names, or registers it; row_payment.cc pays; row_returns.cc takes
// back; row_builder.cc has what these share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/items.h"
#include "ledger/intake/row_actions.h"
#include "ledger/intake/unrecorded.h"

namespace fundtrail::intake {

// Builds the actions of one row against the state as it is before them.
class RowBuilder {
 public:
  RowBuilder(const store::Reader& state, const sheets::Row& row, const RowContext& context)
      : state_(state), row_(row), context_(context), from_(row.from), to_(row.to), fund_(row.fund) {}

  StatusOr<RowActions> Build();

 private:
  // What the payer has for this row in one account, and what the row takes of it.
  struct Pot {
    std::string project;
    std::optional<model::AccountNumber> account;
    Amount held;
    std::vector<TransferRef> draws;  // receipts that the row draws on and that still hold something
    Amount drawable;                 // what they hold
    Amount earmarked, rest;          // what the row takes: of these receipts, and of what is first in line
  };

  // The item of the register; null when there is none.
  StatusOr<books::SharedItem> Item(v1::Action::ActionCase action, const std::string& id) const {
    return context_.items->Get(state_, action, id);
  }

  std::string fund() const { return fund_.empty() ? kDefaultFund : fund_; }

  // row_builder.cc

  // Whether a body pays itself, in a project, and the map says that such money comes from outside.
  bool IsOwn() const;
  // A transfer with all that rows have in common; added to the actions.
  v1::Transfer* AddTransfer(const std::string& from, const std::string& to, Amount amount,
                            v1::TransferKind kind);
  // What the row says of its own payments, beside the amount.
  void Describe(v1::Transfer* transfer) const;
  // Out of the payer's money of that project; general money is put in the row's one.
  v1::Transfer* AddPayment(Amount amount, v1::TransferKind kind, const std::string& project);
  StatusOr<v1::TransferKind> Kind() const;
  StatusOr<Amount> Undrawn(model::AccountNumber account, Interval receipt) const;
  StatusOr<Amount> HeldIn(const std::string& project) const;
  // The payer's money goes from one project to another, or out of one, or into one: none is general money.
  v1::Transfer* Move(Amount amount, const std::string& from, const std::string& to);
  // Money whose origin nobody told, for the payer.
  Status Bring(Amount missing, const std::string& project);
  // Whether the row says that other money is paid than that of its project.
  bool Moves() const { return from_project_.has_value() && *from_project_ != project_; }
  // Whether that is all that the row does: a body pays itself.
  bool MovesOwn() const { return Moves() && from_.id == to_.id; }

  // row_names.cc

  Status Unknown(const std::string& field, const std::string& what) const;
  v1::RegisterParty* Register(const std::string& id, const std::string& name, const std::string& parent,
                              v1::Role role);
  Status NeedUnrecorded();
  bool RegisteredHere(const std::string& id) const;
  // The name of a party that this row registers; empty when it registers none with that id.
  std::string NameHere(const std::string& id) const;
  // An inferred recipient of which this row says more: that it pays, or that it is a recipient. Its role is stated from now
  // on, by an amendment that names the row. Of a party that this very entry made nothing can be amended.
  StatusOr<v1::Role> State(const sheets::RowParty& party, v1::Role role);
  // The only item of the register that is called so. What a file gives as an id alone may be a name in other letters; what it
  // gives as a name is one exactly. With no item of that name it is nothing.
  StatusOr<std::optional<std::string>> Called(v1::Action::ActionCase kind, const std::string& field,
                                              const std::string& name, bool exactly) const;
  // Gives the party the id of the one that is registered with its name. Whether there is one.
  StatusOr<bool> TakeByName(sheets::RowParty* party);
  // Of an id that was made to be read and that an item of another name has: the first number after it that none has.
  // `name_of` tells the name of the item with an id, and nothing where there is none; `full` is said when there are too many.
  using NameOf = std::function<StatusOr<std::string>(const std::string& id)>;
  static StatusOr<std::string> Numbered(const std::string& made, const std::string& name,
                                        const NameOf& name_of, const Status& full);
  StatusOr<v1::Role> NeedParty(sheets::RowParty* named, bool pays);
  Status NeedAsset();
  // Gives the row the id of the fund that its cell names: by its id, by its name, or by the id that the name makes.
  Status FindFund();
  Status NeedFund();
  // The item of a register that a cell names: by its id, by its name, or by the id that the name makes. Nothing where there
  // is none.
  StatusOr<std::optional<std::string>> Find(v1::Action::ActionCase kind, const std::string& field,
                                            const std::string& named);
  // A place is named by its id, or else by its name.
  Status NeedPlace();
  // A project is named by its id, or else by its name. None is ever made: somebody else must have approved it. `project` stays
  // empty where the map leaves out what is not there.
  Status NeedProject(const char* field, const std::string& named, std::string* project);
  // Where the row says which of its money the payer takes. A project that the map leaves out says nothing.
  Status NeedFromProject();
  // Whether, after the actions so far, nobody has stated the party's role.
  StatusOr<bool> IsInferred(const std::string& id) const;
  // A need is named by its id. None is ever made: its owner says what it is. What is paid for it goes to a recipient whose
  // role somebody stated.
  Status CheckNeed() const;
  // A pledge, an assignment and a commitment are named by their ids. None is ever made, and the rules say whether they fit.
  Status CheckSupply() const;

  // row_payment.cc

  // Money of the project goes first, then general money, unless the row is paid from that. Of a row that names a commitment,
  // only what that keeps goes.
  StatusOr<std::vector<Pot>> Pots() const;
  // Finds the receipts that the row draws on.
  Status FindDraws(std::vector<Pot>* pots) const;
  Status Pay();
  // As much of the row as that project has is moved, and lies in the row's own account when it is paid.
  StatusOr<Amount> MoveIn();
  // A row in which a body pays itself out of other money. What it lacks there is made up, as for any payment.
  Status MoveOwn();
  // The receipts that the row draws on, where all of it can be moved out of them; else none.
  StatusOr<std::vector<TransferRef>> MovableDraws() const;
  // What the payer lacks for the row. It is paid all the same where nobody may make it up: the rules refuse that, with what
  // the payer holds. Only of two accounts they would know one, and the row is refused here.
  Status MakeUp(Amount missing, const std::vector<Pot>& pots);
  // What a body has of its own for a project.
  Status BringIn();

  // row_returns.cc

  // Sends back what the payee still has of the payments from these accounts, the latest first.
  Status TakeBack(const std::vector<model::AccountNumber>& payers, model::AccountNumber payee, Amount* left);
  // True when nothing of this receipt is left after it that such a row could take.
  StatusOr<bool> TakeBackOne(const std::vector<model::AccountNumber>& payers, model::AccountNumber payee,
                             const Bytes& key, Amount* left);
  void AddReturn(const std::string& from, const std::string& to, const std::string& project, TransferRef ref,
                 Amount amount);
  // The payments from the row's payer to its payee that its draws name; `again`: what went back from the payee to the payer. None
  // where the row draws on something else, and the map, or a row above zero, leaves that out.
  StatusOr<std::vector<TransferRef>> NamedReturns(bool again) const;
  // Exactly these are sent back, in their order.
  Status SendNamedBack(const std::vector<TransferRef>& named, Amount amount);
  // The payer's projects, or none, out of which was paid what lies in the row's own.
  std::vector<std::string> PaidFrom() const;
  // An amount below zero: what `from` paid to `to` goes back, of the rows that its draws name, or else the latest payment first. What lies in a project came from the
  // payer's account there, or was put in from general money. It goes back to where it came from. What was moved there
  // first, out of the project that the row names, is moved back.
  Status SendBack();
  std::string Payer() const { return IsOwn() ? kUnrecorded : from_.id; }

  const store::Reader& state_;
  const sheets::Row& row_;
  const RowContext& context_;
  sheets::RowParty from_, to_;  // with the ids that their names mean
  std::string fund_;            // likewise
  RowActions made_;
  v1::Role from_role_ = v1::ROLE_HOLDER;
  v1::Role to_role_ = v1::ROLE_HOLDER;
  std::string place_;                        // the id; empty when the row names none
  std::string project_;                      // likewise: general money
  std::optional<std::string> from_project_;  // likewise; nothing where the row does not say
  Amount moved_;                             // of what the row pays, from there to its own project
};

}  // namespace fundtrail::intake
