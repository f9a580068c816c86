using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Sessions;

/// <summary>
/// The peer signals that a session has not received, in order: it is away, or its gateway has not acknowledged them yet. They are
/// bounded in number and characters, over all senders and for each sender, so that no sender displaces the signals of another one.
/// </summary>
internal sealed class PendingSignals(ParticipantOptions options)
{
    /// <summary>The part of the queue that one sender may fill: a quarter.</summary>
    private const int Senders = 4;

    private readonly Queue<PeerSignal> _signals = [];
    private readonly Dictionary<MemberNumber, Amount> _senders = [];
    private Amount _all;

    public int Count => _all.Signals;

    public int Characters => _all.Characters;

    /// <summary>Adds a signal; returns false if a limit refuses it.</summary>
    public bool TryAdd(PeerSignal signal)
    {
        var (all, own) = (_all.With(signal), _senders.GetValueOrDefault(signal.From).With(signal));
        if (!all.IsWithin(options.MaxPendingSignals, options.MaxPendingCharacters)
            || !own.IsWithin(Share(options.MaxPendingSignals), Share(options.MaxPendingCharacters)))
            return false;
        (_all, _senders[signal.From]) = (all, own);
        _signals.Enqueue(signal);
        return true;
    }

    public PeerSignal[] ToArray() => [.. _signals];

    public void RemoveFirst(int count)
    {
        for (; count > 0; count--)
        {
            var signal = _signals.Dequeue();
            _all = _all.Without(signal);
            var own = _senders[signal.From].Without(signal);
            if (own.Signals == 0)
                _senders.Remove(signal.From);
            else
                _senders[signal.From] = own;
        }
    }

    private static int Share(int limit) => Math.Max(1, limit / Senders);

    private readonly record struct Amount(int Signals, int Characters)
    {
        public Amount With(PeerSignal signal) => new(Signals + 1, Characters + signal.Payload.Length);

        public Amount Without(PeerSignal signal) => new(Signals - 1, Characters - signal.Payload.Length);

        public bool IsWithin(int signals, int characters) => Signals <= signals && Characters <= characters;
    }
}
