// What a payment draws and where it arrives, position by position (docs/one-idea.md).
#include <catch2/catch.hpp>

#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

// A world in which the donor has paid the ministry 100, 50 and 30: receipts 2.1, 2.2 and 2.3.
struct Funded : World {
  Funded() {
    Need(Do({Pay("donor", "ministry", 100), Pay("donor", "ministry", 50), Pay("donor", "ministry", 30)})
             .status());
  }
};

TEST_CASE(
    "first in, first out: a payment without earmarks draws the lowest undrawn positions, as one piece") {
  Funded w;
  CHECK(w.Pieces(Pay("ministry", "county", 60)) == "[0,60) -> 0");
  CHECK(w.Pieces(Pay("ministry", "charity", 60)) == "[60,120) -> 0");
  CHECK(w.Pieces(Pay("ministry", "county", 60)) == "[120,180) -> 60");
  CHECK(w.Line("ministry") == "received 180, held 0, tail 180, minted 0");
  CHECK(w.Pieces(Pay("ministry", "county", 1)) == "INSUFFICIENT_FUNDS at actions[0].transfer.amount");
  CHECK(w.Pieces(Pay("county", "village", 120)) == "[0,120) -> 0");
}

TEST_CASE("earmarks draw exactly the receipts they name, and leave holes that are drawn first afterwards") {
  Funded w;
  CHECK(w.Pieces(Drawing(Pay("ministry", "county", 20), {Ref(2, 2)})) == "[100,120) -> 0");
  CHECK(w.Line("ministry") == "received 180, held 160, tail 120, minted 0");
  CHECK(w.Pieces(Drawing(Pay("ministry", "county", 30), {Ref(2, 2)})) == "[120,150) -> 20");
  // The residue: what is below comes first, then what lies beyond the earmarked receipt.
  CHECK(w.Pieces(Pay("ministry", "charity", 110)) == "[0,100) [150,160) -> 0");
  CHECK(w.Pieces(Drawing(Pay("ministry", "charity", 1), {Ref(2, 2)})) ==
        "EARMARK_SHORT at actions[0].transfer.draws");
}

TEST_CASE("an earmark takes what FIFO has left of its receipt, from its lowest position") {
  Funded w;
  CHECK(w.Pieces(Pay("ministry", "county", 110)) == "[0,110) -> 0");
  CHECK(w.Pieces(Drawing(Pay("ministry", "county", 40), {Ref(2, 2)})) == "[110,150) -> 110");
}

TEST_CASE("an earmark over several receipts empties them in the order named") {
  Funded w;
  SECTION("in the order named, not that of the line") {
    CHECK(w.Pieces(Drawing(Pay("ministry", "county", 100), {Ref(2, 3), Ref(2, 1)})) ==
          "[150,180) [0,70) -> 0");
    CHECK(w.Line("ministry") == "received 180, held 80, tail 180, minted 0");
    CHECK(w.Pieces(Pay("ministry", "county", 80)) == "[70,150) -> 100");
  }
  SECTION("neighbours make one piece") {
    CHECK(w.Pieces(Drawing(Pay("ministry", "county", 150), {Ref(2, 1), Ref(2, 2)})) == "[0,150) -> 0");
  }
  SECTION("what the first covers alone leaves the second alone") {
    CHECK(w.Pieces(Drawing(Pay("ministry", "county", 50), {Ref(2, 1), Ref(2, 3)})) == "[0,50) -> 0");
    CHECK(w.Pieces(Drawing(Pay("ministry", "county", 30), {Ref(2, 3)})) == "[150,180) -> 50");
  }
}

TEST_CASE("k receipts in one earmark leave up to k holes, and those are as many pieces later") {
  World w;
  Need(w.Do({Pay("donor", "ministry", 10), Pay("donor", "ministry", 10), Pay("donor", "ministry", 10),
             Pay("donor", "ministry", 10), Pay("donor", "ministry", 10)})
           .status());
  CHECK(w.Pieces(Drawing(Pay("ministry", "county", 20), {Ref(2, 2), Ref(2, 4)})) == "[10,20) [30,40) -> 0");
  CHECK(w.Pieces(Pay("ministry", "county", 30)) == "[0,10) [20,30) [40,50) -> 20");
}

TEST_CASE("an earmark may name an earlier transfer of the same entry") {
  Funded w;
  const auto outcome =
      Need(w.Do({Pay("donor", "ministry", 7), Drawing(Pay("ministry", "county", 5), {ThisEntry(1)}),
                 Drawing(Pay("county", "village", 5), {ThisEntry(2)})}));
  CHECK(Text(outcome.transfers(0)) == "[180,187) -> 180");
  CHECK(Text(outcome.transfers(1)) == "[180,185) -> 0");
  CHECK(Text(outcome.transfers(2)) == "[0,5) -> 0");
}

TEST_CASE("record 0 in an earmark means genesis and not this entry, unless it says so") {
  Funded w;
  CHECK(w.Pieces(Drawing(Pay("ministry", "county", 5), {Ref(0)})) ==
        "EARMARK_UNKNOWN at actions[0].transfer.draws[0]");
}

TEST_CASE("a return draws exactly what the returned transfer brought") {
  Funded w;
  Need(w.Do({Pay("ministry", "county", 40), Pay("donor", "county", 25), Pay("ministry", "county", 20)})
           .status());
  // 3.1 brought [0,40), 3.2 [40,65), 3.3 [65,85).
  CHECK(w.Pieces(Returning(Pay("county", "ministry", 15), Ref(3, 3))) == "[65,80) -> 180");
  CHECK(w.Pieces(Returning(Pay("county", "ministry", 5), Ref(3, 3))) == "[80,85) -> 195");
  CHECK(w.Pieces(Returning(Pay("county", "ministry", 1), Ref(3, 3))) ==
        "RETURN_SHORT at actions[0].transfer.amount");
  CHECK(w.Pieces(Returning(Pay("county", "donor", 25), Ref(3, 2))) == "[40,65) -> 205");
  // What came back is at the end of the payer's line, and is spent in its turn.
  CHECK(w.Pieces(Pay("ministry", "charity", 125)) == "[60,185) -> 0");
}

TEST_CASE("a reversal undoes a payment, and a reversed reversal pays it again") {
  Funded w;
  CHECK(w.Pieces(Pay("ministry", "charity", 33)) == "[0,33) -> 0");  // 3
  CHECK(w.Pieces(Returning(Pay("charity", "ministry", 33), Ref(3), v1::TRANSFER_KIND_REVERSAL)) ==
        "[0,33) -> 180");  // 4
  CHECK(w.Line("charity") == "received 33, held 0, tail 33, minted 0");
  CHECK(w.Pieces(Returning(Pay("ministry", "charity", 33), Ref(4), v1::TRANSFER_KIND_REVERSAL)) ==
        "[180,213) -> 33");  // 5
}

TEST_CASE("a recipient can send back what it got, and nothing else") {
  Funded w;
  Need(w.Do({Pay("ministry", "village", 10)}).status());
  CHECK(w.Pieces(Pay("village", "ministry", 10)) == "RECIPIENT_CANNOT_PAY at actions[0].transfer.from");
  CHECK(w.Pieces(Returning(Pay("village", "ministry", 4), Ref(3))) == "[0,4) -> 180");
}

TEST_CASE("a reclassification moves money between two funds of one party, and can be sent back") {
  Funded w;
  CHECK(w.Pieces(Reclassify("ministry", "school", 70)) == "[0,70) -> 0");
  CHECK(w.Line("ministry") == "received 180, held 110, tail 70, minted 0");
  CHECK(w.Line("ministry", "school") == "received 70, held 70, tail 0, minted 0");
  auto back = Returning(Pay("ministry", "ministry", 20), Ref(3));
  back.mutable_transfer()->set_fund("school");
  CHECK(w.Pieces(back) ==
        "RETURN_UNKNOWN at actions[0].transfer.returns");  // within "school" nothing was sent
  back.mutable_transfer()->set_to_fund("flood");
  CHECK(w.Pieces(back) == "[0,20) -> 180");
}

TEST_CASE("an exchange draws one asset and brings the other; its rows say that lengths do not compare") {
  Funded w;
  Need(w.Do({Drawing(Pay("ministry", "county", 10), {Ref(2, 2)})})
           .status());  // a hole: [0,100), drawn [100,110)
  CHECK(w.Pieces(Exchange("ministry", "charity", 120, "USD", 17)) == "[0,100) [110,130) -> 0");
  CHECK(w.Line("charity", "flood", "USD") == "received 17, held 17, tail 0, minted 0");
  CHECK(w.Line("charity") == "no account");

  const auto ministry = *Need(books::FindAccount(w.state(), "ministry", "flood", "", "CNY"));
  const auto charity = *Need(books::FindAccount(w.state(), "charity", "flood", "", "USD"));
  const TransferRef ref{RecordIndex(4), 1};
  const auto piece = [&](const Bytes& key) {
    return Need(model::DecodePiece(key, *Need(w.state().Get(key)))).row;
  };
  const auto in = piece(model::keys::PieceIn(charity, Position(0)));
  CHECK(in == model::PieceRow{Amount(17), ministry, Position(0), ref, true});
  const auto out = piece(model::keys::PieceOut(ministry, Position(110)));
  CHECK(out == model::PieceRow{Amount(20), charity, Position(0), ref, true});
  const auto row = *Need(books::GetTransfer(w.state(), ref));
  CHECK((row.amount == Amount(120) && row.to_amount == Amount(17) && row.exchange()));
  // The receipt in the other asset is an earmark like any other.
  auto spend = Drawing(Pay("charity", "village", 17), {Ref(4)});
  spend.mutable_transfer()->set_asset("USD");
  CHECK(w.Pieces(spend) == "[0,17) -> 0");
}

TEST_CASE("a party that pays itself moves its money to the end of its own line") {
  Funded w;
  CHECK(w.Pieces(Pay("ministry", "ministry", 120)) == "[0,120) -> 180");
  CHECK(w.Line("ministry") == "received 300, held 180, tail 120, minted 0");
  CHECK(w.Pieces(Pay("ministry", "ministry", 180)) == "[120,300) -> 300");
}

TEST_CASE("a SOURCE brings in what it pays: its line grows and is drawn at once") {
  Funded w;
  CHECK(w.Line("donor") == "received 180, held 0, tail 180, minted 180");
  CHECK(w.Pieces(Pay("donor", "county", 20)) == "[180,200) -> 0");
  CHECK(w.Pieces(Pay("donor", "donor", 5)) == "[200,205) -> 205");  // even to itself
  CHECK(w.Line("donor") == "received 210, held 5, tail 205, minted 205");
}

TEST_CASE("what came back to a SOURCE stays with it: its next payment is new money") {
  Funded w;
  CHECK(w.Pieces(Returning(Pay("ministry", "donor", 50), Ref(2, 2))) == "[100,150) -> 180");
  CHECK(w.Line("donor") == "received 230, held 50, tail 180, minted 180");
  CHECK(w.Pieces(Pay("donor", "county", 10)) == "[230,240) -> 0");
  CHECK(w.Line("donor") == "received 240, held 50, tail 240, minted 190");
  // It can be sent back once more, as the return of a return, although it lies in a hole by now.
  CHECK(w.Pieces(Returning(Pay("donor", "ministry", 30), Ref(3), v1::TRANSFER_KIND_REVERSAL)) ==
        "[180,210) -> 180");
  CHECK(w.Line("donor") == "received 240, held 20, tail 240, minted 190");
}

TEST_CASE("money that goes round in a circle arrives at new positions") {
  Funded w;
  CHECK(w.Pieces(Pay("ministry", "county", 180)) == "[0,180) -> 0");
  CHECK(w.Pieces(Pay("county", "charity", 180)) == "[0,180) -> 0");
  CHECK(w.Pieces(Pay("charity", "ministry", 180)) == "[0,180) -> 180");
  CHECK(w.Pieces(Pay("ministry", "county", 180)) == "[180,360) -> 180");
}

TEST_CASE("a statement line shows each account as it stood after the transfer") {
  Funded w;
  auto pay = Pay("ministry", "county", 60);
  pay.mutable_transfer()->set_value_date("2026-02-11");
  Need(w.Do({pay}).status());
  const TransferRef ref{RecordIndex(3), 1};
  const auto line = [&](const char* party, model::Side side) {
    const auto account = *Need(books::FindAccount(w.state(), party, "flood", "", "CNY"));
    const Bytes key = model::keys::Statement(account, ref, side);
    return Need(model::DecodeStatementRow(key, *Need(w.state().Get(key))));
  };
  const Date date = Need(ParseDate("2026-02-11"));
  CHECK(line("ministry", model::Side::kOut) ==
        model::StatementRow{Amount(60), Amount(180), Amount(120), date});
  CHECK(line("county", model::Side::kIn) == model::StatementRow{Amount(60), Amount(60), Amount(60), date});
  CHECK(Need(books::GetTransfer(w.state(), ref))->date == date);
}

TEST_CASE("the stage of a transfer stands in its row and on both statements, whatever its kind") {
  Funded w;
  const auto stages = [&](std::uint64_t record, const char* from, const char* to,
                          const std::string& to_asset) {
    const TransferRef ref{RecordIndex(record), 1};
    const auto line = [&](const char* party, const std::string& asset, model::Side side) {
      const auto account = *Need(books::FindAccount(w.state(), party, "flood", "", asset));
      const Bytes key = model::keys::Statement(account, ref, side);
      return Need(model::DecodeStatementRow(key, *Need(w.state().Get(key)))).committed();
    };
    CHECK(line(from, "CNY", model::Side::kOut));
    CHECK(line(to, to_asset, model::Side::kIn));
    return Need(books::GetTransfer(w.state(), ref))->committed();
  };
  Need(w.Do({Committed(Pay("ministry", "county", 60))}).status());                     // 3
  Need(w.Do({Committed(Returning(Pay("county", "ministry", 10), Ref(3)))}).status());  // 4
  Need(w.Do({Committed(Exchange("ministry", "county", 20, "USD", 5))}).status());      // 5
  CHECK(stages(3, "ministry", "county", "CNY"));
  CHECK(stages(4, "county", "ministry", "CNY"));
  CHECK(stages(5, "ministry", "county", "USD"));
  Need(w.Do({Pay("ministry", "county", 1)}).status());
  CHECK_FALSE(Need(books::GetTransfer(w.state(), {RecordIndex(6), 1}))->committed());
}

TEST_CASE("an entry applies wholly or not at all") {
  Funded w;
  const Rows before = AllRows(w.state());
  const auto refused = w.Do({Pay("ministry", "county", 100), Party("new", "root"),
                             Pay("county", "village", 100), Pay("ministry", "county", 81)});
  CHECK(Verdict(refused.status()) == "INSUFFICIENT_FUNDS at actions[3].transfer.amount");
  CHECK(AllRows(w.state()) == before);
  CHECK(w.Do({Pay("ministry", "county", 100), Party("new", "root"), Pay("county", "village", 100),
              Pay("ministry", "county", 80)})
            .ok());
}

TEST_CASE("the actions of an entry see what the ones before them did") {
  World w;
  const auto outcome = Need(w.Do({Party("team", "charity"), Fund("tents", "team"), Pay("donor", "team", 9)}));
  CHECK(outcome.transfers_size() == 1);
  CHECK(w.Line("team") == "received 9, held 9, tail 0, minted 0");
}

TEST_CASE("rows tried one by one, as an import does, are those of the whole entry") {
  Funded whole;
  Funded parts;
  const std::vector<v1::Action> actions = {Pay("donor", "ministry", 4), Pay("ministry", "county", 90),
                                           Drawing(Pay("ministry", "county", 4), {ThisEntry(1)})};
  const auto outcome = Need(whole.Do(actions));
  store::Overlay tried(static_cast<const store::Reader&>(parts.state()));
  for (std::uint32_t line = 0; line < 3; ++line) {
    const auto one =
        Need(books::ApplyActions(&tried, {RecordIndex(3), Date(20'000), books::kRules[0]},
                                 Entry("root", 3, {actions[line]}), line, {Key(1).public_key()}));
    CHECK(Text(one.transfers(0)) == Text(outcome.transfers(static_cast<int>(line))));
  }
  CHECK(AllRows(tried) == AllRows(whole.state()));
}

}  // namespace
}  // namespace fundtrail::testing
