using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Tests two activations of one channel, as two silos that do not know each other would have them: two silos, each alone in its cluster,
/// use one database.
/// </summary>
public sealed class TwoActivationsTests
{
    [Test]
    public async Task Earlier_activation_stores_nothing_after_a_later_one_has_admitted_a_member()
    {
        using var folder = new TemporaryFolder();
        // No checkpoint is due soon: only the fence is written.
        await using var first = await StartAsync(folder);
        await using var second = await StartAsync(folder);
        var settings = new ChannelSettings { MaxParticipants = 7 };
        Assert.That((await first.Join("lobby", "ada", new RecordingGateway("g1"))).Error, Is.EqualTo(VoiceError.None));
        Assert.That((await second.Join("lobby", "bob", new RecordingGateway("g2"))).Error, Is.EqualTo(VoiceError.None));

        var answer = await first.Channel("lobby").UpdateSettings(settings);
        // On a slow machine a checkpoint was due before: then the first activation has ended already, and its successor knows bob.
        if (answer != VoiceError.Unavailable)
        {
            var members = (await first.Channel("lobby").GetSnapshot()).Participants.Select(participant => participant.Identity);
            Assert.That(members, Does.Contain("bob"), $"the first activation stored over the second: {answer}");
        }
    }

    private static Task<SiloInProcess> StartAsync(TemporaryFolder folder) =>
        SiloInProcess.Start(folder.Database, ("Hype:Channels:CheckpointInterval", "00:00:10"));
}
