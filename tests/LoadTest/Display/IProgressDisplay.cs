namespace Hype.LoadTest.Display;

/// <summary>Displays the progress of a run.</summary>
internal interface IProgressDisplay : IDisposable
{
    /// <summary>Shows the current state; called once a second.</summary>
    void Show(Glance now, Glance before);
}
