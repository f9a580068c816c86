using Hype.LoadTest.Options;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Tests.Running;

/// <summary>A target without a server: everyone is in at once, and what they say goes nowhere.</summary>
internal sealed class NoServer : IVoiceTarget
{
    private int _left;

    /// <summary>How often somebody left.</summary>
    public int Left => _left;

    public string Name => "none";

    /// <summary>What the command line says, with the defaults of all other options.</summary>
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
        participant.Observer.OnAdmitted(6);
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
