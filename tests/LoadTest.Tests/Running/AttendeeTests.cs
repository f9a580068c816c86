using Hype.LoadTest.Running;

namespace Hype.LoadTest.Tests.Running;

internal sealed class AttendeeTests
{
    [Test]
    public async Task Attendee_is_absent_as_soon_as_LeaveAsync_is_called_and_a_second_call_has_no_effect()
    {
        await using var target = new NoServer();
        using var crowd = new Crowd(NoServer.Options("--participants", "1"), target);
        var attendee = await crowd.JoinAsync(crowd.Places().First(), CancellationToken.None);
        Assert.That(attendee!.IsIn, Is.True);

        var leaving = attendee.LeaveAsync();

        Assert.That(attendee.IsIn, Is.False);
        await Task.WhenAll(leaving, attendee.LeaveAsync());
        Assert.That(target.Left, Is.EqualTo(1));
    }
}
