using Hype.LoadTest.Options;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Tests.Running;

/// <summary>A target without a server: joins succeed at once, and frames are discarded.</summary>
internal sealed class NoServer : IVoiceTarget
{
    private int _left;

    /// <summary>The number of participants that have left.</summary>
    public int Left => _left;

    public string Name => "none";

    /// <summary>Parses the given arguments; all other options have their defaults.</summary>
    public static LoadOptions Options(params string[] arguments)
    {
        var command = new LoadCommand();
        var parsed = command.Parse(arguments);
        Assert.That(command.Errors(parsed), Is.Empty);
        return command.Read(parsed);
    }

    public Task PrepareAsync(IReadOnlyList<string> channels, CancellationToken stop) => Task.CompletedTask;

    public Task<IVoiceParticipant> JoinAsync(ParticipantSpec participant, JoinPhases phases, CancellationToken stop)
    {
        participant.Observer.OnAdmitted(participant.Number, 6);
        participant.Observer.OnHearing(phases.Began);
        return Task.FromResult<IVoiceParticipant>(new Participant(this));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Participant(NoServer target) : IVoiceParticipant
    {
        public void Say(in SpokenFrame frame, int payloadLength, bool startsTurn)
        {
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref target._left);
            return ValueTask.CompletedTask;
        }
    }
}
