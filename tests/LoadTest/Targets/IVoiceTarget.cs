namespace Hype.LoadTest.Targets;

/// <summary>
/// What is put under load: a server that forwards voice. The load, the statistics and the report know nothing else of it.
/// </summary>
internal interface IVoiceTarget : IAsyncDisposable
{
    /// <summary>For the report: <c>hype</c>, <c>janus</c>.</summary>
    string Name { get; }

    /// <summary>Reaches the server and makes the channels ready to be joined.</summary>
    /// <exception cref="TargetException">It cannot be reached, or refuses; the message says what to do.</exception>
    Task PrepareAsync(IReadOnlyList<string> channels, CancellationToken stop);

    /// <summary>
    /// Brings one participant into a channel. Returns when its media is connected (in control-only runs: when it is admitted); a
    /// speaker may then say frames, a listener may have heard some already.
    /// </summary>
    /// <exception cref="JoinFailedException">The participant is not in the channel, and nothing of it is left.</exception>
    Task<IVoiceParticipant> JoinAsync(ParticipantSpec participant, JoinPhases phases, CancellationToken stop);
}
