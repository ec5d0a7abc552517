/* How an order's goods and its money stay together: reservation and payment, as tokolib does them.
 *
 * Two customers want the last piece. Whatever waits is moved on by two runners (`tick`, or whoever placed the
 * order), which know nothing of each other and may die between any two units of work, as often as they like. The
 * world does everything else in any order: it pays, declines, pays late, loses answers, hides what it took from
 * look-ups, repeats and reorders messages, lets terms run out, cancels, hands over.
 *
 * One unit of work is one `atomic` block; between two of them anything may happen. What is checked:
 *   books()  after every unit of work   M5, M7, S2, S3, S4, S5, and the half of M7 that must hold at any time
 *   ended()  when nothing can move      M7, M8, and that nothing rests unsettled
 *
 * The gateway is one of three, by -DSTYLE=: it dedupes by KEY (1), refuses a second request of the same REFERENCE
 * without telling what became of the first (2), or takes everything (3, NONE). With 2 and 3 a look-up may lag.
 * A lease lapses whenever it likes with 1 and 2, so there it excludes nobody; with 3 it outlasts the call, which is
 * what `effects.resend.LEASE` promises.
 *
 * -DBUG_… seeds a bug; the names are told in `seeded.py`. Names of rules here are names of functions in src/tokolib.
 */

#ifndef STYLE
#define STYLE 1
#endif
#define DEDUPES  (STYLE == 1)
#define REFUSES  (STYLE == 2)
#define TAKES_ALL (STYLE == 3)
#define LAGS     (STYLE != 1)

#define ORDERS 2
#define PIECES 1
#define OPS    6                       /* the charge of order i is operation i, its refund i + 2, a second one i + 4 */
#define REFUND(i) ((i) + 2)
#define SECOND(i) ((i) + 4)
#define ORDER_OF(o) ((o) % ORDERS)
#define IS_CHARGE(o) ((o) < ORDERS)

mtype:life  = { Away, Pending, Placed, Shipped, Expired, Cancelled };
mtype:stock = { Never, Leased, Kept, Taken, Freed };
mtype:wish  = { Absent, Requested, Unknown, Action, Succeeded, Failed };
mtype:truth = { Nothing, Open, Done, Refused, RanOut, PaidLate };        /* what is true at the gateway */
mtype:move  = { Idle, Send, Judge, Tell };                               /* what a runner will do next */
mtype:word  = { Silence, SaysAction, SaysDone, SaysFailed };             /* what we hear of it */

/* The shop's books. */
mtype:life  order[ORDERS] = Away;
bool        overdue[ORDERS];           /* the term of the order, and of its lease on the goods, is over */
bool        unwanted[ORDERS];          /* somebody wants it cancelled, and a charge was still open */
mtype:stock hold[ORDERS] = Never;
byte        on_hand = PIECES, held = 0, gone = 0;
mtype:wish  op[OPS] = Absent;

/* The gateway's books, and how much of them a look-up shows. */
mtype:truth fact[OPS] = Nothing;
bool        visible[OPS];
byte        age[OPS];                  /* since the last sending was leased: 1 the lag, 2 the lag and the lease */

byte        at[2] = OPS;               /* what each runner is busy with; OPS: nothing */
bool        calling[OPS];              /* a runner has leased it to send it, and has not come back from the call */

bool lacking;                            /* the answer of `try_hold`, used within one unit */

#define DONE(o)    (fact[o] == Done || fact[o] == PaidLate)
#define GONE(i)    ((op[REFUND(i)] == Succeeded) + (op[SECOND(i)] == Succeeded))
#define WAITING(o) (op[o] == Requested || op[o] == Unknown || op[o] == Action)
#define GOING(i)   (WAITING(REFUND(i)) + WAITING(SECOND(i)))
#define PAID(i)    (op[i] == Succeeded && !GONE(i))
#define LIVE(i)    (hold[i] == Leased || hold[i] == Kept)
#define LAPSED(i)  (hold[i] == Leased && overdue[i])
#define WITH_US(i) (DONE(i) - DONE(REFUND(i)) - DONE(SECOND(i)))    /* what the gateway would say that we have */

/* ---- What must hold after every unit of work. ---- */

#define S4(i) ((hold[i] == Taken) == (order[i] == Shipped))
#define S5(i) ((!LIVE(i) || order[i] == Pending || order[i] == Placed) && (order[i] != Placed || hold[i] == Kept))
#define M5(i) (GONE(i) + GOING(i) <= (op[i] == Succeeded))
#define M7(i) ((op[i] != Succeeded || DONE(i)) && GONE(i) <= DONE(REFUND(i)) + DONE(SECOND(i)))

inline tidy(i) {                       /* what nobody will look at again is forgotten: fewer states, no other ones */
  if :: order[i] != Pending -> overdue[i] = false :: else fi;
  if :: order[i] == Cancelled || order[i] == Shipped -> unwanted[i] = false :: else fi;
  tidy_op(i); tidy_op(REFUND(i)); tidy_op(SECOND(i))
}

inline tidy_op(o) {
  if :: !WAITING(o) -> age[o] = 0 :: else fi
}

inline books() {
  tidy(0); tidy(1); lacking = false;
  assert(on_hand + gone == PIECES);                             /* S1 */
  assert(held == LIVE(0) + LIVE(1));                            /* S2 */
  assert(held <= on_hand);                                      /* S3 */
  assert(gone == (hold[0] == Taken) + (hold[1] == Taken));      /* S4: one movement for each hold taken */
  assert(S4(0) && S4(1));
  assert(S5(0) && S5(1));
  assert(M5(0) && M5(1));                                       /* refunds under way count */
  assert(M7(0) && M7(1))                                        /* the books never claim more than the gateway */
}

/* ---- Stock: inventory.steps, and the storage beneath it. ---- */

inline reap(i) {                       /* a lease that ran out still counts, until somebody is short */
  if :: LAPSED(i) -> hold[i] = Freed; held-- :: else fi
}

inline release(i) {
#ifdef BUG_RELEASED_TWICE
  if :: hold[i] != Never && hold[i] != Taken -> hold[i] = Freed; held-- :: else fi
#else
  if :: LIVE(i) -> hold[i] = Freed; held-- :: else fi
#endif
}

inline try_hold(i, until) {            /* answers in `lacking` */
  if :: on_hand <= held -> reap(0); reap(1) :: else fi;
#ifdef BUG_NO_REHOLD_CHECK
  if :: until == Kept || on_hand > held -> hold[i] = until; held++; lacking = false
#else
  if :: on_hand > held -> hold[i] = until; held++; lacking = false
#endif
     :: else -> lacking = true
  fi
}

/* ---- Orders: orders.placement and orders.ending. ---- */

#ifdef BUG_PENDING_REFUND_UNCOUNTED
#define OWED(i) PAID(i)
#else
#define OWED(i) (PAID(i) && !GOING(i))
#endif

inline give_back(i) {                  /* a refund on its way of what the shop has and does not deserve */
  if :: OWED(i) && op[REFUND(i)] == Absent -> op[REFUND(i)] = Requested
     :: OWED(i) && op[REFUND(i)] != Absent && op[SECOND(i)] == Absent -> op[SECOND(i)] = Requested
     :: else
  fi
}

inline drop_unsent(i) {                /* payments.steps.close_intent */
  if :: op[i] == Requested -> op[i] = Failed :: else fi
}

inline cancel(i) {
  release(i); drop_unsent(i); order[i] = Cancelled; give_back(i)
}

inline expire(i) {
#ifdef BUG_NO_RELEASE_ON_EXPIRY
  skip;
#else
  release(i);
#endif
  drop_unsent(i); order[i] = Expired; give_back(i)
}

inline place(i) {                      /* step C; a lease that has run out is taken anew, if the goods are there */
  if :: hold[i] == Leased && !overdue[i] ->
#ifdef BUG_HOLD_NOT_KEPT
        order[i] = Placed
#else
        hold[i] = Kept; order[i] = Placed
#endif
     :: else ->
#ifdef BUG_PLACED_ON_A_LAPSED_LEASE
        order[i] = Placed
#else
        if :: LAPSED(i) -> hold[i] = Freed; held-- :: else fi;
        try_hold(i, Kept);
        if :: lacking -> expire(i) :: else -> order[i] = Placed fi
#endif
  fi
}

inline reinstate(i) {                  /* the money came after all */
  try_hold(i, Kept);
  if :: !lacking -> order[i] = Placed
#ifdef BUG_FORGOTTEN_LATE_REFUND
     :: else
#else
     :: else -> give_back(i)
#endif
  fi
}

/* ---- The one door: desk.observe. ---- */

inline fold(o, said) {                 /* the highest fact seen stands, whatever came first */
#ifdef BUG_FOLD_BY_ARRIVAL
  if :: said == SaysDone -> op[o] = Succeeded
     :: said == SaysFailed -> op[o] = Failed
#else
  if :: said == SaysDone -> op[o] = Succeeded
     :: said == SaysFailed && op[o] != Succeeded -> op[o] = Failed
#endif
     :: said == SaysAction && (op[o] == Requested || op[o] == Unknown) -> op[o] = Action
     :: else
  fi
}

#ifdef BUG_WISH_FORGOTTEN
#define UNWANTED(i) false
#else
#define UNWANTED(i) unwanted[i]
#endif

inline react(i) {
  if :: order[i] == Pending && PAID(i) && UNWANTED(i) -> cancel(i)
     :: order[i] == Pending && PAID(i) && !UNWANTED(i) -> place(i)
     :: order[i] == Pending && op[i] == Failed -> release(i); order[i] = Cancelled
     :: order[i] == Expired && OWED(i) && !UNWANTED(i) -> reinstate(i)
     :: order[i] == Expired && OWED(i) && UNWANTED(i) -> give_back(i)
     :: order[i] == Cancelled -> give_back(i)
     :: else
  fi
}

inline observe(o, said) {
  d_step { fold(o, said); react(ORDER_OF(o)); books() }
}

/* ---- A runner: effects.perform, payments.claims, effects.resend. ---- */

#define BUSY(o) (at[0] == (o) || at[1] == (o))
#ifdef BUG_LEASE_IGNORED
#define LEASED(o) false
#else
#define LEASED(o) (STYLE == 3 && BUSY(o))
#endif
#define DUE(o) (WAITING(o) && !LEASED(o))

#ifdef BUG_LAG_COUNTED_FROM_THE_LEASE
#define LAG_IS_OVER(o) (age[o] >= 1)
#else
#define LAG_IS_OVER(o) (age[o] == 2)
#endif

#ifdef BUG_NONE_INSIDE_THE_LAG
#define MAY_RESEND(o) true
#else
#define MAY_RESEND(o) (!TAKES_ALL || LAG_IS_OVER(o))
#endif

inline lease_to_send(o) {              /* from now on it may have happened */
  op[o] = Unknown; age[o] = 0; calling[o] = true; step = Send
}

inline claim(o) {
  at[me] = o;
#ifdef BUG_NO_LOOKUP
  lease_to_send(o)
#else
  if :: op[o] == Requested -> lease_to_send(o)
     :: op[o] == Unknown || op[o] == Action -> look_up(o)
  fi
#endif
}

inline take(o) {                       /* the gateway does what it is asked to */
  if :: fact[o] = Done
     :: IS_CHARGE(o) -> fact[o] = Open           /* a virtual account: the customer pays later */
     :: IS_CHARGE(o) || o == REFUND(0) -> fact[o] = Refused    /* one refund may fail; the second goes another way */
  fi;
  visible[o] = !LAGS
}

inline heard(o) {                      /* what is true now, in words */
  if :: DONE(o) -> said = SaysDone
     :: fact[o] == Refused || fact[o] == RanOut -> said = SaysFailed
     :: fact[o] == Open -> said = SaysAction
     :: else -> said = Silence
  fi
}

inline call(o) {                       /* a request that arrives */
  if :: fact[o] == Nothing -> take(o); heard(o)
     :: fact[o] != Nothing ->
#ifdef BUG_FRESH_KEY
        assert(fact[o] == Refused)               /* M7: another key is another charge */
#else
        if :: DEDUPES -> heard(o)
#ifdef BUG_DUPLICATE_MEANS_FAILED
           :: REFUSES -> said = SaysFailed
#else
           :: REFUSES -> said = Silence          /* "duplicate", and not a word about the first */
#endif
           :: TAKES_ALL -> assert(fact[o] == Refused); heard(o)      /* M7: once for each wish */
        fi
#endif
  fi
}

inline send(o) {
  if :: call(o)
     :: call(o); said = Silence        /* it arrived, and the answer was lost */
     :: said = Silence                 /* it never arrived */
  fi;
#ifdef BUG_SILENCE_MEANS_FAILED
  if :: said == Silence -> said = SaysFailed :: else fi;
#endif
  calling[o] = false;
  if :: said == Silence -> rest() :: else -> step = Tell fi
}

inline look_up(o) {
  if :: visible[o] -> heard(o); step = Tell
     :: !visible[o] -> not_found(o)
  fi
}

inline not_found(o) {
#ifdef BUG_NONE_MEANS_FAILED
  said = SaysFailed; step = Tell
#else
#ifdef BUG_CLOCK_READ_AFTER_THE_ANSWER
  step = Judge
#else
  judge(o)
#endif
#endif
}

inline judge(o) {                      /* effects.resend.resend; leased anew, if nothing was settled meanwhile */
  if :: op[o] == Unknown && MAY_RESEND(o) -> lease_to_send(o)
     :: else -> rest()
  fi
}

inline rest() {
  calling[o] = false; at[me] = OPS; o = 0; said = Silence; step = Idle
}

proctype runner(bit me) {
  byte o = 0; mtype:word said = Silence; mtype:move step = Idle;

end:
  do
  :: atomic { (step == Idle && (DUE(0) || DUE(1) || DUE(2) || DUE(3) || DUE(4) || DUE(5))) ->
       if :: DUE(0) -> o = 0 :: DUE(1) -> o = 1 :: DUE(2) -> o = 2
          :: DUE(3) -> o = 3 :: DUE(4) -> o = 4 :: DUE(5) -> o = 5
       fi;
       claim(o) }
  :: atomic { step == Send -> send(o) }
#ifdef BUG_CLOCK_READ_AFTER_THE_ANSWER
  :: atomic { step == Judge -> judge(o) }
#endif
  :: atomic { step == Tell -> observe(o, said); rest() }
  :: atomic { step != Idle -> rest() }           /* it dies, and another starts in its place */
  od
}

/* ---- Everybody else. ---- */

#ifdef BUG_CHECK_THEN_ACT
bool looked[ORDERS];
#endif

proctype world(bit i) {                /* the customer of order i, the staff, and the clock */
end:
  do
#ifdef BUG_CHECK_THEN_ACT
  :: atomic { order[i] == Away && !looked[i] && on_hand > held -> looked[i] = true }
  :: atomic { order[i] == Away && looked[i] -> hold[i] = Leased; held++; order[i] = Pending; op[i] = Requested; books() }
#else
  :: atomic { order[i] == Away && on_hand + LAPSED(0) + LAPSED(1) > held ->         /* step A */
       try_hold(i, Leased); order[i] = Pending; op[i] = Requested; books() }
#endif
  :: atomic { LIVE(i) && hold[i] == Leased && !overdue[i] -> overdue[i] = true }
  :: atomic { order[i] == Pending && overdue[i] -> expire(i); books() }             /* desk.ticking */
  :: atomic { order[i] == Pending && op[i] == Requested -> cancel(i); books() }
  :: atomic { order[i] == Pending && (op[i] == Unknown || op[i] == Action) && !unwanted[i] ->
#ifdef BUG_CANCEL_WITHOUT_A_WISH
       op[i] = Failed; cancel(i); books() }
#else
       unwanted[i] = true }
#endif
  :: atomic { order[i] == Placed -> cancel(i); books() }
  :: atomic { order[i] == Placed && PAID(i) ->                                      /* handed over */
       assert(!unwanted[i]);                                                        /* who cancels in time gets nothing */
       hold[i] = Taken; held--; on_hand--; gone++; order[i] = Shipped; books() }
  :: atomic { fact[i] == Open -> fact[i] = Done }
  :: atomic { fact[i] == Open -> fact[i] = RanOut }                                 /* or we voided it */
  :: atomic { fact[i] == RanOut -> fact[i] = PaidLate }
  od
}

#if STYLE != 1
proctype lag(byte o) {                 /* time passes at the gateway */
end:
  do
  :: atomic { !visible[o] && fact[o] != Nothing -> visible[o] = true }
#if STYLE == 3
  :: atomic { op[o] == Unknown && age[o] == 0 -> age[o] = 1 }
  :: atomic { op[o] == Unknown && age[o] == 1 && !calling[o] && (visible[o] || fact[o] == Nothing) -> age[o] = 2 }
#endif
  od
}
#endif

#define HAD_ACTION(o) (fact[o] == Open || fact[o] == RanOut || fact[o] == PaidLate)
#define HAD_FAILED(o) (fact[o] == Refused || fact[o] == RanOut || fact[o] == PaidLate)
#define TELL(o) \
  :: HAD_ACTION(o) -> m = o; said = SaysAction \
  :: HAD_FAILED(o) -> m = o; said = SaysFailed \
  :: DONE(o)       -> m = o; said = SaysDone

/* What was once true is told any number of times, in any order, or never. Only the word of a payment that came after
 * its own refusal is certain to arrive: nobody would ask for that again. When all has come to rest, the shop's books
 * are the gateway's, and it has the money of the goods that left, and no other. */
#define SETTLED(i) (!WAITING(i) && !GOING(i) && order[i] != Pending && order[i] != Placed)
#define UNHEARD(i) (fact[i] == PaidLate && op[i] != Succeeded)
#define AT_REST    (at[0] == OPS && at[1] == OPS && SETTLED(0) && SETTLED(1) && !UNHEARD(0) && !UNHEARD(1))

#define M7_IN_THE_END(i) ((op[i] == Succeeded) == DONE(i) && GONE(i) == DONE(REFUND(i)) + DONE(SECOND(i)))
#define M8(i) (WITH_US(i) == (order[i] == Shipped))

proctype messages() {
  byte m = 0; mtype:word said = Silence;

end:
  do
  :: atomic {
       if TELL(0) TELL(1) TELL(2) TELL(3) TELL(4) TELL(5) fi;
       observe(m, said); m = 0; said = Silence }
  :: d_step { AT_REST ->
       assert(M7_IN_THE_END(0) && M7_IN_THE_END(1));
       assert(M8(0) && M8(1));
       assert(held == 0) }
  od
}

init {
  atomic {
    run runner(0); run runner(1); run world(0); run world(1);
#if STYLE != 1
    run lag(0); run lag(1); run lag(2); run lag(3); run lag(4); run lag(5);
#endif
    run messages()
  }
}
