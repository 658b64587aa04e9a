// See keeper.h.
#include "ledger/copy/keeper.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/audit/source.h"
#include "ledger/folder/folder.h"

namespace fundtrail::copy {
namespace {

constexpr std::chrono::seconds kOneFile{60};

}  // namespace

StatusOr<std::unique_ptr<Keeper>> Keeper::Open(const KeeperSettings& settings, Tell tell) {
  std::unique_ptr<Keeper> keeper(new Keeper(settings, std::move(tell)));
  FT_ASSIGN_OR_RETURN(auto files, HttpFiles::Open(settings.from, settings.ca_file, kOneFile));
  keeper->files_ = files.get();
  keeper->source_ = audit::FromArchive(std::move(files));
  audit::CloneOptions options;
  options.vkey = settings.vkey;
  if (options.vkey.empty()) {
    auto stated = folder::ReadVkey(settings.dir);
    if (!stated.ok())
      return absl::InvalidArgumentError(
          absl::StrCat("there is no copy in ", settings.dir,
                       " yet: give --vkey, the ledger's verification key as somebody else published it"));
    options.vkey = *std::move(stated);
  }
  FT_ASSIGN_OR_RETURN(keeper->copy_,
                      audit::OpenUpToDate(keeper->source_.get(), settings.dir, options, keeper->Hooks()));
  const audit::Follower& copy = *keeper->copy_;
  const std::chrono::system_clock::time_point recorded(std::chrono::microseconds(copy.recorded().micros()));
  const std::lock_guard lock(keeper->mutex_);
  keeper->records_ = copy.checkpoint().size;
  keeper->vkey_ = copy.vkey();
  keeper->cosigned_ = copy.cosigned();
  keeper->up_to_date_ = std::max(keeper->up_to_date_, recorded);
  return keeper;
}

Keeper::~Keeper() { Stop(); }

void Keeper::Start() {
  {
    const std::lock_guard lock(mutex_);
    if (!following_) return;
  }
  thread_ = std::thread([this] { Run(); });
}

void Keeper::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_all();
  if (files_ != nullptr) files_->End();
  if (thread_.joinable()) thread_.join();
}

void Keeper::Run() {
  const Status end = audit::KeepUp(copy_.get(), source_.get(), Hooks());
  if (!end.ok()) Ended(end);
}

void Keeper::Ended(const Status& why) {
  {
    const std::lock_guard lock(mutex_);
    following_ = false;
  }
  if (tell_.ended) tell_.ended(Annotate(why, settings_.from));
}

audit::FollowHooks Keeper::Hooks() {
  audit::FollowHooks hooks;
  hooks.wait = [this](std::chrono::milliseconds pause) { return Wait(pause); };
  hooks.cloned = [this](const v1::CloneAnswer& answer) {
    if (tell_.note) tell_.note(absl::StrCat("cloned records=", answer.size(), " from=", settings_.from));
  };
  hooks.caught_up = [this](const audit::Follower& copy, std::uint64_t /*more*/) { CaughtUp(copy); };
  hooks.refused = [this](const Status& why) { Ended(why); };
  hooks.away = [this](const Status& why) {
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return;
      away_ = true;
    }
    if (tell_.warn)
      tell_.warn(absl::StrCat("the source does not answer, and is asked again: ", why.message()));
  };
  return hooks;
}

void Keeper::CaughtUp(const audit::Follower& copy) {
  bool was_away = false, changed = false;
  {
    const std::lock_guard lock(mutex_);
    was_away = std::exchange(away_, false);
    changed = records_ != copy.checkpoint().size || cosigned_ != copy.cosigned();
    records_ = copy.checkpoint().size;
    vkey_ = copy.vkey();
    cosigned_ = copy.cosigned();
    up_to_date_ = std::chrono::system_clock::now();
  }
  if (was_away && tell_.note) tell_.note("the source answers again");
  if (changed && tell_.grown) tell_.grown();
}

bool Keeper::Wait(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, pause, [this] { return stopped_; });
  return !stopped_;
}

std::string Keeper::vkey() const {
  const std::lock_guard lock(mutex_);
  return vkey_;
}

std::optional<std::string> Keeper::cosigned() const {
  const std::lock_guard lock(mutex_);
  return cosigned_;
}

KeeperFigures Keeper::figures() const {
  const std::uint64_t shown = copy_->shown();
  const std::lock_guard lock(mutex_);
  KeeperFigures figures;
  figures.is_copy = true;
  figures.following = following_;
  figures.records = records_;
  figures.source_records = std::max(shown, records_);
  figures.lag_seconds =
      std::max(0.0, std::chrono::duration<double>(std::chrono::system_clock::now() - up_to_date_).count());
  return figures;
}

}  // namespace fundtrail::copy
