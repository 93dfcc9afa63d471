/** The web face of a server that wants a token. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Card from 'react-bootstrap/Card';
import Form from 'react-bootstrap/Form';

export interface SignInProps {
  /** The server did not take the token that it got. */
  refused: boolean;
  onToken(token: string): void;
}

export function SignIn({ refused, onToken }: SignInProps) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== '') onToken(token.trim());
  };
  return (
    <main className="d-flex h-100 align-items-center justify-content-center p-3">
      <Card className="sign-in">
        <Card.Body as="form" onSubmit={submit} noValidate>
          <h1 className="h5 mb-3">Ticket Desk</h1>
          <Form.Group controlId="token" className="mb-3">
            <Form.Label>Access token</Form.Label>
            <Form.Control
              type="password"
              autoComplete="current-password"
              autoFocus
              value={token}
              isInvalid={refused}
              aria-describedby="token-help"
              onChange={(event) => setToken(event.target.value)}
            />
            {refused && (
              <Form.Control.Feedback type="invalid" role="alert">
                The server did not accept this token. Check it, or ask whoever runs the server for another.
              </Form.Control.Feedback>
            )}
            <Form.Text id="token-help">
              This server asks for one of the tokens it was started with. It is kept for this tab alone.
            </Form.Text>
          </Form.Group>
          <Button type="submit" className="w-100" disabled={token.trim() === ''}>
            Sign in
          </Button>
        </Card.Body>
      </Card>
    </main>
  );
}
