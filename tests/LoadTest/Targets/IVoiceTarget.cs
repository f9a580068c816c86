namespace Hype.LoadTest.Targets;

/// <summary>A server under load. The load, the statistics and the report use the server only through this interface.</summary>
internal interface IVoiceTarget : IAsyncDisposable
{
    /// <summary>The name in the report: <c>hype</c>, <c>janus</c>.</summary>
    string Name { get; }

    /// <summary>Connects to the server and prepares the channels for joins.</summary>
    /// <exception cref="TargetException">The server is unreachable, or refuses the channels; the message names the remedy.</exception>
    Task PrepareAsync(IReadOnlyList<string> channels, CancellationToken stop);

    /// <summary>
    /// Joins one participant to a channel. Returns when its media is connected (in control-only runs: when it is admitted); a
    /// speaker can then send frames, a listener may already have received some.
    /// </summary>
    /// <exception cref="JoinFailedException">The participant is not in the channel, and has left nothing behind.</exception>
    Task<IVoiceParticipant> JoinAsync(ParticipantSpec participant, JoinPhases phases, CancellationToken stop);
}
